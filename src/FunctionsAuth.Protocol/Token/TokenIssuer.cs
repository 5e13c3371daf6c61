using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Jwt;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Token;

/// <summary>Writes access tokens (RFC 9068) and ID tokens (OpenID Connect Core §2).</summary>
public sealed class TokenIssuer(JwtSigner signer, ServerUrls urls, ServerOptions options, TimeProvider clock)
{
    /// <summary>The tokens of a user's grant, signed at the same time unless the client wants <c>at_hash</c>.</summary>
    /// <param name="withIdToken">The grant has openid, and the request did not narrow it away.</param>
    public async Task<(SignedToken AccessToken, string? IdToken)> ForGrantAsync(
        Grant grant, Client client, Catalog catalog, TokenAccess access, bool withIdToken, CancellationToken cancellation)
    {
        var accessToken = AccessTokenAsync(client, catalog, access, grant.Subject, grant, cancellation);
        if (!withIdToken)
            return (await accessToken, null);
        if (client.IdTokenAtHash)
            return (await accessToken, await IdTokenAsync(grant, client, (await accessToken).Value, cancellation));
        var idToken = IdTokenAsync(grant, client, null, cancellation);
        await Task.WhenAll(accessToken, idToken);
        return (await accessToken, await idToken);
    }

    /// <summary>RFC 9068 §2.2: the subject of a token that a client got for itself is the client.</summary>
    public Task<SignedToken> ForClientAsync(Client client, Catalog catalog, TokenAccess access, CancellationToken cancellation) =>
        AccessTokenAsync(client, catalog, access, client.ClientId, null, cancellation);

    private async Task<SignedToken> AccessTokenAsync(
        Client client, Catalog catalog, TokenAccess access, string subject, Grant? grant, CancellationToken cancellation)
    {
        var (algorithm, lifetime) = AccessTokenRules(client, catalog, access.Audience);
        var now = clock.GetUtcNow();
        var token = await signer.SignAsync(algorithm, JwtTypes.AccessToken, Write, cancellation);
        return new SignedToken(token, lifetime);

        void Write(Utf8JsonWriter json)
        {
            json.WriteString("iss", urls.Issuer);
            json.WriteString("sub", subject);
            WriteAudience(json, access.Audience);
            json.WriteString("client_id", client.ClientId);
            json.WriteNumber("iat", now.ToUnixTimeSeconds());
            json.WriteNumber("exp", (now + lifetime).ToUnixTimeSeconds());
            json.WriteString("jti", TokenId.New(grant?.Address));
            if (access.Scopes.Count > 0)
                json.WriteString("scope", string.Join(' ', access.Scopes));
            if (grant is not null)
                json.WriteNumber("auth_time", grant.AuthTime.ToUnixTimeSeconds());
        }
    }

    private Task<string> IdTokenAsync(Grant grant, Client client, string? accessToken, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        return signer.SignAsync(client.IdTokenSignedResponseAlg, JwtTypes.IdToken, Write, cancellation);

        void Write(Utf8JsonWriter json)
        {
            json.WriteString("iss", urls.Issuer);
            json.WriteString("sub", grant.Subject);
            // One audience, which is the client: OpenID Connect Core §2 then asks for no azp.
            json.WriteString("aud", client.ClientId);
            json.WriteNumber("iat", now.ToUnixTimeSeconds());
            json.WriteNumber("exp", (now + options.Lifetimes.IdToken).ToUnixTimeSeconds());
            json.WriteNumber("auth_time", grant.AuthTime.ToUnixTimeSeconds());
            json.WriteString("sid", grant.SessionId.ToString());
            json.WriteStartArray("amr");
            foreach (var method in grant.Amr)
                json.WriteStringValue(method);
            json.WriteEndArray();
            // OpenID Connect Core §12.2: an ID token from a refresh should have no nonce.
            if (grant.Nonce is not null && grant.CodeRedeemedAt is null)
                json.WriteString("nonce", grant.Nonce);
            if (accessToken is not null)
                json.WriteString("at_hash", LeftHalf(accessToken));
        }
    }

    /// <summary>OpenID Connect Core §3.1.3.6: the left half of the SHA-256, as both algorithms end in 256.</summary>
    private static string LeftHalf(string token) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token)).AsSpan(0, 16));

    /// <summary>The algorithm that all audiences agree on, and the shortest lifetime that one of them wants.</summary>
    private (string Algorithm, TimeSpan Lifetime) AccessTokenRules(Client client, Catalog catalog, IReadOnlyList<string> audience)
    {
        var resources = audience.Select(catalog.FindResource).OfType<Resource>().ToList();
        var algorithms = resources.Select(resource => resource.AccessTokenSigningAlg ?? options.AccessTokenAlgorithm).Distinct().ToList();
        var lifetime = client.AccessTokenLifetime.OrElse(options.Lifetimes.AccessToken);
        foreach (var resource in resources)
            lifetime = TimeSpan.FromTicks(Math.Min(lifetime.Ticks, resource.AccessTokenLifetime.OrElse(lifetime).Ticks));
        lifetime = TimeSpan.FromTicks(Math.Min(lifetime.Ticks, options.Lifetimes.LongestToken.Ticks));
        return (algorithms.Count == 1 ? algorithms[0] : options.AccessTokenAlgorithm, lifetime);
    }

    /// <summary>RFC 7519 §4.1.3: one audience is a string, several are an array.</summary>
    private static void WriteAudience(Utf8JsonWriter json, IReadOnlyList<string> audience)
    {
        if (audience.Count == 1)
        {
            json.WriteString("aud", audience[0]);
            return;
        }
        json.WriteStartArray("aud");
        foreach (var name in audience)
            json.WriteStringValue(name);
        json.WriteEndArray();
    }
}

/// <summary>
/// The <c>jti</c> of access tokens. It begins with the address of the grant, by which userinfo, introspection and
/// revocation find it; a token that a client got for itself has none.
/// </summary>
public static class TokenId
{
    private const int RandomLength = 12;

    public static string New(RecordAddress? grant)
    {
        var random = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomLength));
        return grant is null ? random : $"{grant}.{random}";
    }

    public static RecordAddress? GrantOf(string? tokenId) =>
        tokenId?.Split('.') is [var address, _] && RecordAddress.TryParse(address, out var grant) ? grant : null;
}
