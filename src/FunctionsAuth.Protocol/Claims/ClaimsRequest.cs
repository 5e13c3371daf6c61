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
    // A parameter that fitted into a row in its original form still fits.
    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string text;

    private ClaimsRequest(string text, IReadOnlyDictionary<string, ClaimRequest> userInfo, IReadOnlyDictionary<string, ClaimRequest> idToken) =>
        (this.text, UserInfo, IdToken) = (text, userInfo, idToken);

    /// <summary>The claims for the userinfo response, by name.</summary>
    public IReadOnlyDictionary<string, ClaimRequest> UserInfo { get; }

    /// <summary>The claims for the ID token.</summary>
    public IReadOnlyDictionary<string, ClaimRequest> IdToken { get; }

    /// <summary>The required subject (§5.5.1); null if there is none.</summary>
    public string? Subject => (IdToken.GetValueOrDefault("sub") ?? UserInfo.GetValueOrDefault("sub"))?.OnlyValue;

    /// <summary>The values of an essential <c>acr</c> (§5.5.1.1); empty if there is none.</summary>
    public IReadOnlyList<string> EssentialAcrs =>
        IdToken.TryGetValue("acr", out var acr) && acr.Essential ? [.. acr.Values.Select(value => value.ToString())] : [];

    /// <summary>The values of a voluntary <c>acr</c>.</summary>
    public IReadOnlyList<string> WishedAcrs =>
        IdToken.TryGetValue("acr", out var acr) && !acr.Essential ? [.. acr.Values.Select(value => value.ToString())] : [];

    /// <summary>The claims of the user that the parameter names and that this client may have: the claims of the scopes that it may ask for.</summary>
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

    /// <summary>The same without the claims that the user declined.</summary>
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

    /// <summary>The original text, or the text without declined claims.</summary>
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

/// <param name="Values">One of these values is requested, the preferred one first; empty: any.</param>
public sealed record ClaimRequest(bool Essential, IReadOnlyList<JsonNode> Values)
{
    public string? OnlyValue => Values.Count == 1 ? Values[0].ToString() : null;

    public bool Wants(JsonNode value) => Values.Count == 0 || Values.Any(wanted => JsonNode.DeepEquals(wanted, value));
}
