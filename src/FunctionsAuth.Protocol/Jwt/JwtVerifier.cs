using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Protocol.Storage;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FunctionsAuth.Protocol.Jwt;

/// <summary>
/// Verifies JWTs that this server signed. An API asks about the same token again and again, so it is remembered which ones were
/// good: that a key made a signature stays true. Whether the key is still in use, and the token not expired, is asked each time.
/// </summary>
public sealed class JwtVerifier(SigningKeys keys, ServerUrls urls, TimeProvider clock)
{
    private const int MostRemembered = 1_000;
    private static readonly TimeSpan RememberedFor = TimeSpan.FromMinutes(10);

    // MapInboundClaims and friends are of no use here: only the JsonWebToken itself is read.
    private static readonly JsonWebTokenHandler Handler = new() { MaximumTokenSizeInBytes = 16 * 1024 };

    private readonly BoundedCache<string, JsonWebToken> signed = new(MostRemembered, RememberedFor, clock);

    /// <summary>The token, or null when this server did not sign it, it has another type, or it has expired.</summary>
    /// <param name="type">The <c>typ</c> header that it must have: an ID token is no access token.</param>
    /// <param name="allowExpired">For an <c>id_token_hint</c>, which may have expired (OpenID Connect RP-Initiated Logout §2).</param>
    public async ValueTask<JsonWebToken?> VerifyAsync(string? token, string type, bool allowExpired, CancellationToken cancellation)
    {
        if (token is null || !Handler.CanReadToken(token))
            return null;
        var published = await keys.PublishedAsync(cancellation);
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        if (!signed.TryGet(hash, out var jwt))
        {
            jwt = await VerifyAsync(token, published);
            // Others are not remembered, or anybody could fill the memory with them.
            if (jwt is not null)
                signed.Set(hash, jwt);
        }
        return jwt is not null
            && jwt.Typ == type
            && published.Any(key => key.Kid == jwt.Kid)
            && (allowExpired || clock.GetUtcNow() < jwt.ValidTo)
            ? jwt
            : null;
    }

    /// <returns>Null when this server did not sign it.</returns>
    private async Task<JsonWebToken?> VerifyAsync(string token, IEnumerable<PublicKey> published)
    {
        var result = await Handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = urls.Issuer,
            ValidAlgorithms = SigningAlgorithms.All,
            IssuerSigningKeys = published.Select(key => key.Key),
            TryAllIssuerSigningKeys = false,
            CryptoProviderFactory = SignatureProviders.NotShared,
            ValidateAudience = false, // whoever asks knows which audience it must be
            ValidateLifetime = false, // and whether it may have expired
        });
        // Without an exp it is something else that this server signed, such as a userinfo answer.
        return result.IsValid && result.SecurityToken is JsonWebToken jwt && jwt.TryGetPayloadValue<long>("exp", out _) ? jwt : null;
    }
}
