using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Keys;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FunctionsAuth.Protocol.Jwt;

/// <summary>Verifies JWTs that this server signed.</summary>
public sealed class JwtVerifier(SigningKeys keys, ServerUrls urls, TimeProvider clock)
{
    // MapInboundClaims and friends are of no use here: only the JsonWebToken itself is read.
    private static readonly JsonWebTokenHandler Handler = new() { MaximumTokenSizeInBytes = 16 * 1024 };

    /// <summary>The token, or null when this server did not sign it, it has another type, or it has expired.</summary>
    /// <param name="type">The <c>typ</c> header that it must have: an ID token is no access token.</param>
    /// <param name="allowExpired">For an <c>id_token_hint</c>, which may have expired (OpenID Connect RP-Initiated Logout §2).</param>
    public async ValueTask<JsonWebToken?> VerifyAsync(string? token, string type, bool allowExpired, CancellationToken cancellation)
    {
        if (token is null || !Handler.CanReadToken(token))
            return null;
        var published = await keys.PublishedAsync(cancellation);
        var result = await Handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidTypes = [type],
            ValidIssuer = urls.Issuer,
            ValidAlgorithms = SigningAlgorithms.All,
            IssuerSigningKeys = published.Select(key => key.Key),
            TryAllIssuerSigningKeys = false,
            ValidateAudience = false, // whoever asks knows which audience it must be
            LifetimeValidator = (_, expires, _, _) => allowExpired || clock.GetUtcNow() < expires,
        });
        // Without an exp it is something else that this server signed, such as a userinfo answer.
        return result.IsValid && result.SecurityToken is JsonWebToken jwt && jwt.TryGetPayloadValue<long>("exp", out _) ? jwt : null;
    }
}
