using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Protocol.Storage;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FunctionsAuth.Protocol.Jwt;

/// <summary>
/// Verifies JWTs that this server signed. A client sends the same token with many requests, so tokens with a valid signature are
/// remembered: a signature stays valid. Each call still checks that the key is published and that the token has not expired.
/// </summary>
public sealed class JwtVerifier(SigningKeys keys, ServerUrls urls, TimeProvider clock)
{
    /// <summary>The size of the memory for valid tokens, in bytes.</summary>
    private const int Memory = 16 * 1024 * 1024;

    /// <summary>The estimated bytes for each character of a token, which is kept as text and as the parsed token.</summary>
    private const int BytesOfCharacter = 6;

    private static readonly TimeSpan RememberedFor = TimeSpan.FromMinutes(10);

    // The options that map claims do not matter here, because only the JsonWebToken itself is read.
    // The longest is an access token with 16 KiB of authorization details.
    private static readonly JsonWebTokenHandler Handler = new() { MaximumTokenSizeInBytes = 32 * 1024 };

    private readonly BoundedCache<string, JsonWebToken> signed = new(Memory, RememberedFor, clock, static (_, jwt) => 1_000 + (BytesOfCharacter * jwt.EncodedToken.Length));

    /// <summary>Returns the token, or null when this server did not sign it, when it has another type, or when it has expired.</summary>
    /// <param name="type">The <c>typ</c> header that the token must have (RFC 8725 §3.11), so that an ID token is not accepted as an access token.</param>
    /// <param name="allowExpired">For an <c>id_token_hint</c>, which may have expired (OpenID Connect RP-Initiated Logout §2).</param>
    /// <exception cref="KeyStoreException">Some key store was not read yet, so that the published keys are not known.</exception>
    public async ValueTask<JsonWebToken?> VerifyAsync(string? token, string type, bool allowExpired, CancellationToken cancellation)
    {
        if (token is null || !Handler.CanReadToken(token))
            return null;
        var published = await keys.PublishedAsync(cancellation);
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        if (!signed.TryGet(hash, out var jwt))
        {
            jwt = await ReadSignedAsync(token, published);
            // Other tokens are not remembered, because anybody could fill the memory with them.
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

    /// <summary>Returns the token if its signature is valid, or null when this server did not sign it.</summary>
    private async Task<JsonWebToken?> ReadSignedAsync(string token, IEnumerable<PublicKey> published)
    {
        var result = await Handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = urls.Issuer,
            ValidAlgorithms = SigningAlgorithms.All,
            IssuerSigningKeys = published.Select(key => key.Key),
            TryAllIssuerSigningKeys = false,
            CryptoProviderFactory = SignatureProviders.NotShared,
            ValidateAudience = false, // the caller knows which audience it must be
            ValidateLifetime = false, // the caller says whether it may have expired
        });
        // A JWT without exp is not a token but something else that this server signed, such as a userinfo response.
        return result.IsValid && result.SecurityToken is JsonWebToken jwt && jwt.TryGetPayloadValue<long>("exp", out _) ? jwt : null;
    }
}
