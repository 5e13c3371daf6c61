using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Json;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Claims;

/// <summary>The <c>claims</c> parameter: OpenID Connect Core §5.5.</summary>
public sealed class ClaimsRequest
{
    // What fitted into a row as it came fits into it again.
    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string text;

    private ClaimsRequest(string text, IReadOnlyDictionary<string, ClaimRequest> userInfo, IReadOnlyDictionary<string, ClaimRequest> idToken) =>
        (this.text, UserInfo, IdToken) = (text, userInfo, idToken);

    /// <summary>What the userinfo endpoint shall return, by the claim's name.</summary>
    public IReadOnlyDictionary<string, ClaimRequest> UserInfo { get; }

    /// <summary>What the ID token shall have.</summary>
    public IReadOnlyDictionary<string, ClaimRequest> IdToken { get; }

    /// <summary>Whom it must be (§5.5.1); null when it does not say.</summary>
    public string? Subject => (IdToken.GetValueOrDefault("sub") ?? UserInfo.GetValueOrDefault("sub"))?.OnlyValue;

    /// <summary>The values of <c>acr</c> of which one is essential (§5.5.1.1); empty when none is.</summary>
    public IReadOnlyList<string> EssentialAcrs =>
        IdToken.TryGetValue("acr", out var acr) && acr.Essential ? [.. acr.Values.Select(value => value.ToString())] : [];

    /// <summary>The values of <c>acr</c> that are wished for and not essential.</summary>
    public IReadOnlyList<string> WishedAcrs =>
        IdToken.TryGetValue("acr", out var acr) && !acr.Essential ? [.. acr.Values.Select(value => value.ToString())] : [];

    /// <summary>The user's claims that it names and that this client may have: those of the scopes that it may ask for.</summary>
    public IEnumerable<string> NamesFor(Client client, Catalog catalog) => UserInfo.Keys.Concat(IdToken.Keys).Distinct().Where(Permitted(client, catalog).Contains);

    /// <summary>The claims of all scopes that the client may ask for.</summary>
    public static HashSet<string> Permitted(Client client, Catalog catalog) =>
        [.. client.Scopes.Where(name => name != StandardScopes.OpenId).SelectMany(name => catalog.FindScope(name)?.Claims ?? [])];

    /// <exception cref="OAuthException"><c>invalid_request</c>: it is not what §5.5 describes.</exception>
    public static ClaimsRequest Parse(string text)
    {
        try
        {
            var json = StrictJson.Parse(Encoding.UTF8.GetBytes(text));
            if (json.ValueKind == JsonValueKind.Object && JsonObject.Create(json) is { } claims)
                return new ClaimsRequest(text, Read(claims["userinfo"]), Read(claims["id_token"]));
        }
        catch (JsonException)
        {
        }
        throw Malformed();
    }

    /// <summary>The same without claims that the person did not allow.</summary>
    public ClaimsRequest Without(IReadOnlyCollection<string> names)
    {
        var json = JsonNode.Parse(text)!.AsObject();
        foreach (var section in new[] { json["userinfo"], json["id_token"] }.OfType<JsonObject>())
        {
            foreach (var name in names)
                section.Remove(name);
        }
        return Parse(json.ToJsonString(Unescaped));
    }

    /// <summary>As it came, or what is left of it.</summary>
    public override string ToString() => text;

    private static Dictionary<string, ClaimRequest> Read(JsonNode? section) => section switch
    {
        null => [],
        JsonObject claims => claims.ToDictionary(claim => claim.Key, claim => Read(claim.Value as JsonObject, claim.Value)),
        _ => throw Malformed(),
    };

    private static ClaimRequest Read(JsonObject? wish, JsonNode? value)
    {
        if (value is null)
            return new ClaimRequest(false, []);
        if (wish is null || (wish["essential"] is { } essential && essential.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False)))
            throw Malformed();
        var isEssential = wish["essential"]?.GetValue<bool>() == true;
        if (wish["values"] is not { } values)
            return new ClaimRequest(isEssential, wish["value"] is { } one ? [one] : []);
        return values is JsonArray several ? new ClaimRequest(isEssential, [.. several.OfType<JsonNode>()]) : throw Malformed();
    }

    private static OAuthException Malformed() => OAuthError.InvalidRequest("The claims parameter must be JSON as in OpenID Connect Core section 5.5");
}

/// <param name="Values">One of these is wanted, the preferred one first; empty: any.</param>
public sealed record ClaimRequest(bool Essential, IReadOnlyList<JsonNode> Values)
{
    public string? OnlyValue => Values.Count == 1 ? Values[0].ToString() : null;

    public bool Wants(JsonNode value) => Values.Count == 0 || Values.Any(wanted => JsonNode.DeepEquals(wanted, value));
}
