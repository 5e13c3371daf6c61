using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Claims;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Jwt;
using FunctionsAuth.Protocol.Users;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Tokens;

/// <summary>The content of an ID token in addition to user, time and client.</summary>
public sealed record IdTokenContent
{
    /// <summary>The access token that is issued with it, for <c>at_hash</c>.</summary>
    public string? AccessToken { get; init; }

    /// <summary>The code that is issued with it, for <c>c_hash</c> (OpenID Connect Core §3.3.2.11).</summary>
    public string? Code { get; init; }

    /// <summary>Claims of the user.</summary>
    public JsonObject? Claims { get; init; }

    /// <summary>The ID token comes from a refresh, not from the authorization itself.</summary>
    public bool IsRefreshed { get; init; }
}

/// <summary>Issues ID tokens: OpenID Connect Core §2.</summary>
public sealed partial class IdTokenIssuer(
    JwtSigner signer, SubjectIdentifiers subjects, ServerUrls urls, ServerOptions options, TimeProvider clock, ILogger<IdTokenIssuer> log)
{
    /// <summary>The claims of the user for ID tokens of the client. If they are too large, they are left out, and the client gets them from userinfo.</summary>
    /// <param name="names">From <see cref="IdTokenClaims.NamesFor"/>.</param>
    public JsonObject ClaimsOf(User user, Client client, IReadOnlyList<string> names)
    {
        var claims = UserClaims.Named(user, names);
        if (UserClaims.SizeOf(claims) <= IdTokenClaims.MostBytes)
            return claims;
        LogTooLarge(client.ClientId, user.Subject, IdTokenClaims.MostBytes);
        return [];
    }

    /// <summary>
    /// The claims together with the claims from the groups of the user. If these are too large, they are left out, and the client gets them from
    /// userinfo.
    /// </summary>
    public JsonObject WithMapped(JsonObject claims, GroupClaims mapped, User user, Client client)
    {
        mapped.SetIn(claims, user.Groups);
        if (mapped.Of(user.Groups).Count > 0 && UserClaims.SizeOf(claims) > IdTokenClaims.MostBytes)
        {
            LogTooLarge(client.ClientId, user.Subject, IdTokenClaims.MostBytes);
            mapped.RemoveFrom(claims);
        }
        return claims;
    }

    public async Task<string> IssueAsync(Grant grant, Client client, IdTokenContent content, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var lifetime = client.IdTokenLifetime.OrElse(options.Lifetimes.IdToken);
        lifetime = lifetime < options.Lifetimes.LongestToken ? lifetime : options.Lifetimes.LongestToken;
        var subject = await subjects.OfAsync(client, grant.Subject, cancellation);
        return await signer.SignAsync(client.IdTokenSignedResponseAlg, JwtTypes.IdToken, Write, cancellation);

        void Write(Utf8JsonWriter json)
        {
            json.WriteString("iss", urls.Issuer);
            json.WriteString("sub", subject);
            // The only audience is the client, so OpenID Connect Core §2 requires no azp.
            json.WriteString("aud", client.ClientId);
            json.WriteNumber("iat", now.ToUnixTimeSeconds());
            json.WriteNumber("exp", (now + lifetime).ToUnixTimeSeconds());
            WriteAuthentication(json, grant);
            // OpenID Connect Core §12.2: an ID token from a refresh should have no nonce.
            if (grant.Nonce is not null && !content.IsRefreshed)
                json.WriteString("nonce", grant.Nonce);
            if (content.AccessToken is not null)
                json.WriteString("at_hash", LeftHalf(content.AccessToken));
            if (content.Code is not null)
                json.WriteString("c_hash", LeftHalf(content.Code));
            foreach (var (name, value) in content.Claims ?? [])
            {
                json.WritePropertyName(name);
                value!.WriteTo(json);
            }
        }
    }

    private static void WriteAuthentication(Utf8JsonWriter json, Grant grant)
    {
        json.WriteNumber("auth_time", grant.AuthTime.ToUnixTimeSeconds());
        json.WriteString("sid", grant.SessionId.ToString());
        if ((grant.Acr ?? AuthenticationContexts.Of(grant.Amr)) is { } acr)
            json.WriteString("acr", acr);
        json.WriteStartArray("amr");
        foreach (var method in grant.Amr)
            json.WriteStringValue(method);
        json.WriteEndArray();
    }

    [LoggerMessage(3201, LogLevel.Warning, "The id_token_claims or the claim_maps of client {ClientId} are left out of the ID token of user {Subject}, as they have more than {Most} bytes")]
    private partial void LogTooLarge(string clientId, string subject, int most);

    /// <summary>OpenID Connect Core §3.1.3.6: the left half of the SHA-256, as all algorithms end in 256.</summary>
    private static string LeftHalf(string token) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token)).AsSpan(0, 16));
}
