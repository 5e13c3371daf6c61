using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Scopes;
using ClaimMaps = System.Collections.Generic.IReadOnlyDictionary<string, System.Collections.Generic.IReadOnlyDictionary<string, System.Collections.Generic.IReadOnlyList<string>>>;

namespace FunctionsAuth.Protocol.Groups;

/// <summary>
/// The claims that <c>claim_maps</c> give to the members of groups: for each claim an array of all values, sorted and without duplicates. A mapped
/// claim comes only from the groups. A claim of the user with the same name is ignored.
/// </summary>
public sealed class GroupClaims
{
    /// <summary>
    /// The limit for these claims in an access token, in bytes of JSON. Access tokens are sent in headers, for which many servers have 8 KiB in
    /// total.
    /// </summary>
    public const int MostBytes = 4_096;

    private static readonly GroupClaims None = new([]);

    private readonly List<ClaimMaps> maps;

    private GroupClaims(List<ClaimMaps> maps) => this.maps = maps;

    /// <summary>True when nothing is mapped.</summary>
    public bool IsEmpty => maps.Count == 0;

    /// <summary>The claims for the client itself: in ID tokens and from userinfo.</summary>
    public static GroupClaims Of(Client client) => client.ClaimMaps is { Count: > 0 } own ? new([own]) : None;

    /// <summary>The claims in an access token of the client for this audience: the maps of the client and of each resource, combined.</summary>
    public static GroupClaims Of(Client client, Catalog catalog, IReadOnlyList<string> audience)
    {
        List<ClaimMaps>? resources = null;
        for (var i = 0; i < audience.Count; i++)
        {
            if (catalog.FindResource(audience[i])?.ClaimMaps is { Count: > 0 } maps)
                (resources ??= []).Add(maps);
        }
        return resources is null ? Of(client) : new([.. Of(client).maps, .. resources]);
    }

    /// <summary>Replaces all claims of these names by the claims of a member of these groups.</summary>
    public void SetIn(JsonObject claims, IReadOnlyList<string> groups)
    {
        foreach (var byClaim in maps.SelectMany(map => map).GroupBy(entry => entry.Key, entry => entry.Value))
        {
            var values = byClaim.SelectMany(map => groups.SelectMany(group => map.GetValueOrDefault(group, []))).Distinct().Order(StringComparer.Ordinal).ToList();
            claims.Remove(byClaim.Key);
            if (values.Count > 0)
                claims[byClaim.Key] = new JsonArray([.. values.Select(value => (JsonNode)value)]);
        }
    }

    /// <summary>The claims of a member of these groups.</summary>
    public JsonObject Of(IReadOnlyList<string> groups)
    {
        var claims = new JsonObject();
        SetIn(claims, groups);
        return claims;
    }

    /// <summary>Removes all claims of the mapped names.</summary>
    public void RemoveFrom(JsonObject claims) => SetIn(claims, []);
}
