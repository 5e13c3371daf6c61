using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Json;
using FunctionsAuth.Protocol.Jwt;
using FunctionsAuth.Protocol.Storage;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Dpop;

/// <summary>
/// Reads the proofs that clients send with their requests (RFC 9449 §4.3), which show that the sender has a private key. The content of a proof is
/// checked first. Its reuse is checked last, with one insert.
/// </summary>
public sealed class DpopProofs(IReplayStore replays, DpopNonces nonces, ServerUrls urls, TimeProvider clock)
{
    public const string Header = "DPoP";
    public const string NonceHeader = "DPoP-Nonce";

    private const int LongestId = 256;

    /// <summary>The tolerated difference between the clocks of client and server.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    /// <summary>The algorithms of proofs.</summary>
    public static IReadOnlyList<string> Algorithms { get; } = [SigningAlgorithms.ES256, SigningAlgorithms.PS256];

    /// <param name="route">The route of the endpoint, which is never read from the request.</param>
    /// <param name="accessToken">The access token of the request; null if there is none.</param>
    /// <returns>Null where the request has no proof.</returns>
    /// <exception cref="OAuthException"><c>invalid_dpop_proof</c>, or <c>use_dpop_nonce</c> with the nonce to use.</exception>
    /// <exception cref="TemporarilyUnavailableException">Storage did not answer.</exception>
    public async ValueTask<DpopProof?> ReadAsync(HttpRequest request, string route, string? accessToken, CancellationToken cancellation)
    {
        var headers = request.Headers[Header];
        if (headers.Count == 0)
            return null;
        if (headers.Count > 1 || headers[0] is not { } text || ClientSignatures.TryRead(text) is not { } token)
            throw Wrong("must be one signed JWT in one DPoP header");
        if (token.Typ != JwtTypes.DpopProof)
            throw Wrong($"must have the typ {JwtTypes.DpopProof}");
        if (!Algorithms.Contains(token.Alg))
            throw Wrong($"must be signed with one of {string.Join(", ", Algorithms)}");
        if (ForeignJwt.HasCriticalExtension(token))
            throw Wrong("has a crit header, which this server does not support");
        if (!StrictJson.Parse(Base64Url.DecodeFromChars(token.EncodedHeader)).TryGetProperty("jwk", out var jwk) || DpopKey.Read(jwk) is not { } key)
            throw Wrong("must have a public key as its jwk: an EC key on P-256 or an RSA key with 2048 to 4096 bits");
        if (await ClientSignatures.VerifyAsync(token, [key.Key], Algorithms) is null)
            throw Wrong("has a signature that is not valid for its jwk");
        var claims = StrictJson.Parse(Base64Url.DecodeFromChars(token.EncodedPayload));
        return await CheckAsync(claims, key.Kid, request.Method, urls.Of(route), urls.AliasOf(route), accessToken, cancellation);
    }

    /// <summary>Marks the proof as used: of several requests with one proof, only one succeeds.</summary>
    /// <exception cref="OAuthException"><c>invalid_dpop_proof</c>: it was used before.</exception>
    /// <exception cref="TemporarilyUnavailableException">Storage did not answer.</exception>
    public async Task UseAsync(DpopProof proof, CancellationToken cancellation)
    {
        if (!await replays.TryUseAsync(proof.Use, proof.ExpiresAt, cancellation))
            throw Wrong("was used before: create a new one with a new jti for each request");
    }

    private async ValueTask<DpopProof> CheckAsync(JsonElement claims, string thumbprint, string method, string url, string? alias, string? accessToken, CancellationToken cancellation)
    {
        if (claims.TextOf("jti") is not { Length: > 0 and <= LongestId } id)
            throw Wrong($"must have a jti of 1 to {LongestId} characters");
        if (claims.TextOf("htm") != method)
            throw Wrong("must have the method of the request as its htm");
        // RFC 8705 §5: a client with a certificate calls the endpoint by its alias.
        if (!IsAt(claims.TextOf("htu"), url) && !(alias is not null && IsAt(claims.TextOf("htu"), alias)))
            throw Wrong("must have the URL of the endpoint as its htu");
        if (!claims.TryGetProperty("iat", out var issued) || issued.ValueKind != JsonValueKind.Number || !issued.TryGetDouble(out var seconds))
            throw Wrong("must have a number of seconds since 1970 as its iat");
        if (accessToken is not null && !IsHashOf(claims.TextOf("ath"), accessToken))
            throw Wrong("must have the SHA-256 of the access token in base64url as its ath");
        var expiresAt = await EndOfAsync(claims.TextOf("nonce"), seconds, cancellation);
        return new DpopProof(thumbprint, $"dpop {thumbprint} {id} {url}", expiresAt);
    }

    /// <summary>RFC 9449 §8: a nonce shows the age of a proof, so the clock of the client does not matter then.</summary>
    private async ValueTask<DateTimeOffset> EndOfAsync(string? nonce, double issuedAt, CancellationToken cancellation)
    {
        if (nonce is not null && await nonces.EndOfAsync(nonce, cancellation) is { } end)
            return end;
        if (nonces.AreRequired)
            throw OAuthError.UseDpopNonce(await nonces.CurrentAsync(cancellation));
        var now = clock.GetUtcNow();
        // Compared as numbers, because a date cannot represent all of them.
        if (Math.Abs(issuedAt - (now.ToUnixTimeMilliseconds() / 1000.0)) > Window.TotalSeconds)
            throw Wrong("must be new: its iat is more than one minute away from the time of the server");
        return DateTimeOffset.UnixEpoch.AddSeconds(Math.Ceiling(issuedAt)) + Window;
    }

    /// <summary>RFC 9449 §4.3-9: without query and fragment, and after the normalization of RFC 3986 §6.2.2 and §6.2.3.</summary>
    private static bool IsAt(string? htu, string url) =>
        Uri.TryCreate(htu, UriKind.Absolute, out var uri) && uri.UserInfo.Length == 0 && uri.GetLeftPart(UriPartial.Path) == new Uri(url).GetLeftPart(UriPartial.Path);

    private static bool IsHashOf(string? ath, string accessToken) =>
        ath is not null && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(ath), Encoding.ASCII.GetBytes(Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)))));

    private static OAuthException Wrong(string what) => OAuthError.InvalidDpopProof($"The DPoP proof {what}");
}
