using FunctionsAuth.Protocol.Clients;

namespace FunctionsAuth.Protocol.Groups;

/// <summary>
/// The scopes that a client's <c>scope_maps</c> and <c>supplementary_scope_maps</c> give to the members of groups. A mapped scope is only for
/// members. All other scopes are for everybody.
/// </summary>
public static class GroupScopes
{
    public static bool HasScopeMaps(this Client client) => client.ScopeMaps is { Count: > 0 } || client.SupplementaryScopeMaps is { Count: > 0 } || client.ManageScopeMaps is not null;

    /// <summary>The client for a member of these groups: without the mapped scopes that none of the groups gives.</summary>
    public static Client For(this Client client, IReadOnlyList<string> groups)
    {
        if (!client.HasScopeMaps())
            return client;
        var given = Given(client.ScopeMaps, groups).Concat(client.Supplementary(groups)).Concat(Given(client.ManageScopeMaps, groups)).ToHashSet();
        var mapped = Mapped(client.ScopeMaps).Concat(Mapped(client.SupplementaryScopeMaps)).Concat(Mapped(client.ManageScopeMaps)).ToHashSet();
        return client with { Scope = string.Join(' ', client.Scopes.Where(name => !mapped.Contains(name) || given.Contains(name))) };
    }

    /// <summary>The client for itself: as a member of its own groups, with its registered scopes of the management API.</summary>
    public static Client ForItself(this Client client) => (client.ManageScopeMaps is null ? client : client with { ManageScopeMaps = null }).For(client.Groups);

    /// <summary>
    /// True if <c>scope_maps</c> give one of the scopes to one of the groups, and for a client without <c>scope_maps</c>. Scopes for everybody and
    /// scopes from <c>supplementary_scope_maps</c> do not count.
    /// </summary>
    public static bool Admits(this Client client, IReadOnlyList<string> groups, IEnumerable<string> scopes) =>
        client.ScopeMaps is not { Count: > 0 } || Given(client.ScopeMaps, groups).Intersect(scopes).Any();

    /// <summary>The scopes of an earlier grant that are still valid: without those that the groups no longer give.</summary>
    /// <param name="client">The registered client. A scope that the client itself has lost is not removed here.</param>
    /// <param name="own">The same client for the member: see <see cref="For"/>.</param>
    public static IEnumerable<string> LeftOf(this Client client, IEnumerable<string> scopes, Client own) =>
        scopes.Where(name => own.Scopes.Contains(name) || !client.Scopes.Contains(name));

    /// <summary>The scopes that are added to the requested ones.</summary>
    public static IEnumerable<string> Supplementary(this Client client, IReadOnlyList<string> groups) => Given(client.SupplementaryScopeMaps, groups);

    private static IEnumerable<string> Given(IReadOnlyDictionary<string, IReadOnlyList<string>>? maps, IReadOnlyList<string> groups) =>
        maps is null ? [] : groups.SelectMany(group => maps.GetValueOrDefault(group, []));

    private static IEnumerable<string> Mapped(IReadOnlyDictionary<string, IReadOnlyList<string>>? maps) => maps?.Values.SelectMany(scopes => scopes) ?? [];
}
