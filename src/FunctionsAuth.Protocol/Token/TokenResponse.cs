using System.Text.Json.Nodes;

using FunctionsAuth.Protocol.Tokens;

namespace FunctionsAuth.Protocol.Token;

/// <summary>RFC 6749 §5.1, OpenID Connect Core §3.1.3.3. The scope is always told: it may be less than was asked for.</summary>
public sealed record TokenResponse(SignedToken AccessToken, IReadOnlyList<string> Scopes)
{
    public string? IdToken { get; init; }
    public string? RefreshToken { get; init; }

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["access_token"] = AccessToken.Value,
            ["token_type"] = "Bearer",
            ["expires_in"] = (long)AccessToken.Lifetime.TotalSeconds,
        };
        if (RefreshToken is not null)
            json["refresh_token"] = RefreshToken;
        if (IdToken is not null)
            json["id_token"] = IdToken;
        if (Scopes.Count > 0)
            json["scope"] = string.Join(' ', Scopes);
        return json;
    }
}
