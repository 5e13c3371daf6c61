using FunctionsAuth.Protocol.Json;

namespace FunctionsAuth.Protocol.Import;

/// <summary>A group that is named must exist in the file or on the server. A misspelt name would otherwise have no effect, without any notice.</summary>
/// <param name="exists">Whether the server has a group with this name.</param>
internal sealed class GroupNames(Func<string, CancellationToken, Task<bool>> exists, ProblemList problems)
{
    public async Task CheckAsync(ImportFile file, CancellationToken cancellation)
    {
        var known = file.Groups.Select(group => group.Name).ToHashSet();
        HashSet<string> unknown = [];
        foreach (var (path, name) in NamedIn(file))
        {
            if (!known.Contains(name) && !unknown.Contains(name))
                (await exists(name, cancellation) ? known : unknown).Add(name);
            if (unknown.Contains(name))
                problems.Add(path, "is an unknown group");
        }
    }

    private static IEnumerable<(string Path, string Name)> NamedIn(ImportFile file) =>
    [
        .. file.Users.Index().SelectMany(user => ListOf($"users[{user.Index}]", user.Item.Groups ?? [])),
        .. file.Clients.Index().SelectMany(client => ListOf($"clients[{client.Index}]", client.Item.Groups)),
        .. file.Clients.Index().SelectMany(client => KeysOf($"clients[{client.Index}].scope_maps", client.Item.ScopeMaps?.Keys)),
        .. file.Clients.Index().SelectMany(client => KeysOf($"clients[{client.Index}].supplementary_scope_maps", client.Item.SupplementaryScopeMaps?.Keys)),
        .. file.Clients.Index().SelectMany(client => KeysOf($"clients[{client.Index}].claim_maps", client.Item.ClaimMaps)),
        .. file.Resources.Index().SelectMany(resource => KeysOf($"resources[{resource.Index}].claim_maps", resource.Item.ClaimMaps)),
    ];

    private static IEnumerable<(string Path, string Name)> ListOf(string path, IReadOnlyList<string> names) =>
        names.Index().Select(name => ($"{path}.groups[{name.Index}]", name.Item));

    private static IEnumerable<(string Path, string Name)> KeysOf(string path, IEnumerable<string>? names) =>
        (names ?? []).Select(name => (JsonLines.Member(path, name), name));

    private static IEnumerable<(string Path, string Name)> KeysOf(string path, IReadOnlyDictionary<string, IReadOnlyDictionary<string, IReadOnlyList<string>>>? maps) =>
        (maps ?? new Dictionary<string, IReadOnlyDictionary<string, IReadOnlyList<string>>>()).SelectMany(map => KeysOf(JsonLines.Member(path, map.Key), map.Value.Keys));
}
