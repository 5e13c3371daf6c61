using FunctionsAuth.Protocol.Clients;

namespace FunctionsAuth.Protocol.Groups;

/// <summary>
/// What a client's <c>scope_maps</c> and <c>supplementary_scope_maps</c> give to the members of groups. A scope that one of them names is
/// for members only; all other scopes are for everybody.
/// </summary>
public static class GroupScopes
{
    public static bool HasScopeMaps(this Client client) => client.ScopeMaps is { Count: > 0 } || client.SupplementaryScopeMaps is { Count: > 0 } || client.ManageScopeMaps is not null;

    /// <summary>The client as a member of these groups uses it: without the mapped scopes that none of them gives.</summary>
    public static Client For(this Client client, IReadOnlyList<string> groups)
    {
        if (!client.HasScopeMaps())
            return client;
        var given = Given(client.ScopeMaps, groups).Concat(client.Supplementary(groups)).Concat(Given(client.ManageScopeMaps, groups)).ToHashSet();
        var mapped = Mapped(client.ScopeMaps).Concat(Mapped(client.SupplementaryScopeMaps)).Concat(Mapped(client.ManageScopeMaps)).ToHashSet();
        return client with { Scope = string.Join(' ', client.Scopes.Where(name => !mapped.Contains(name) || given.Contains(name))) };
    }

    /// <summary>The client as it acts for itself: a member of its own groups, with the scopes of the management API that it is registered for.</summary>
    public static Client ForItself(this Client client) => (client.ManageScopeMaps is null ? client : client with { ManageScopeMaps = null }).For(client.Groups);

    /// <summary>
    /// True when one of the scopes is given by <c>scope_maps</c> to one of the groups, and for a client without them. What the client has for
    /// everybody and what <c>supplementary_scope_maps</c> add decide nothing.
    /// </summary>
    public static bool Admits(this Client client, IReadOnlyList<string> groups, IEnumerable<string> scopes) =>
        client.ScopeMaps is not { Count: > 0 } || Given(client.ScopeMaps, groups).Intersect(scopes).Any();

    /// <summary>What is left of scopes that were given earlier: without those that the groups give no more.</summary>
    /// <param name="client">The client as it is registered. A scope that it has lost itself is left in: that is judged elsewhere.</param>
    /// <param name="own">The same client as the member uses it: see <see cref="For"/>.</param>
    public static IEnumerable<string> LeftOf(this Client client, IEnumerable<string> scopes, Client own) =>
        scopes.Where(name => own.Scopes.Contains(name) || !client.Scopes.Contains(name));

    /// <summary>The scopes that are added to what the client asks for.</summary>
    public static IEnumerable<string> Supplementary(this Client client, IReadOnlyList<string> groups) => Given(client.SupplementaryScopeMaps, groups);

    private static IEnumerable<string> Given(IReadOnlyDictionary<string, IReadOnlyList<string>>? maps, IReadOnlyList<string> groups) =>
        maps is null ? [] : groups.SelectMany(group => maps.GetValueOrDefault(group, []));

    private static IEnumerable<string> Mapped(IReadOnlyDictionary<string, IReadOnlyList<string>>? maps) => maps?.Values.SelectMany(scopes => scopes) ?? [];
}
