using System.Text.Json;
using FunctionsAuth.Protocol.Tokens;

namespace FunctionsAuth.Protocol.GrantTypes;

/// <summary>
/// RFC 6749 §5.1, OpenID Connect Core §3.1.3.3. The response always has the scope and details of the access token (RFC 9396 §7), because they may be
/// less than the client asked for.
/// </summary>
public sealed record TokenResponse(SignedToken AccessToken, TokenAccess Access)
{
    public string? IdToken { get; init; }
    public string? RefreshToken { get; init; }

    /// <summary>The key or certificate to which the access token is bound.</summary>
    public required TokenBinding Binding { get; init; }

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("access_token", AccessToken.Value);
        json.WriteString("token_type", TokenTypes.Of(Binding.IsDpop));
        json.WriteNumber("expires_in", (long)AccessToken.Lifetime.TotalSeconds);
        if (RefreshToken is not null)
            json.WriteString("refresh_token", RefreshToken);
        if (IdToken is not null)
            json.WriteString("id_token", IdToken);
        if (Access.Scopes.Count > 0)
            json.WriteString("scope", Access.Scope);
        Access.Details.WriteTo(json);
        json.WriteEndObject();
    }
}
