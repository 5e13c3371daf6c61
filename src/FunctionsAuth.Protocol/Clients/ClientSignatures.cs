using System.Buffers.Text;
using System.Text.Json;
using FunctionsAuth.Protocol.Fetch;
using FunctionsAuth.Protocol.Json;
using FunctionsAuth.Protocol.Jwt;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FunctionsAuth.Protocol.Clients;

/// <summary>Verifies the signatures of JWTs that clients make. The caller must check the claims.</summary>
public sealed class ClientSignatures(ClientKeys keys)
{
    private const int MaxLength = 16 * 1024;

    private static readonly JsonWebTokenHandler Handler = new() { MaximumTokenSizeInBytes = MaxLength };

    /// <summary>The JWT, not verified; null when the text is not a JWT.</summary>
    public static JsonWebToken? TryRead(string token)
    {
        try
        {
            if (token.Length > MaxLength || !Handler.CanReadToken(token))
                return null;
            var jwt = new JsonWebToken(token);
            // The library decodes some parts only when they are read.
            StrictJson.Parse(Base64Url.DecodeFromChars(jwt.EncodedHeader));
            StrictJson.Parse(Base64Url.DecodeFromChars(jwt.EncodedPayload));
            return jwt;
        }
        catch (Exception e) when (e is ArgumentException or JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Signed with a private key of the client.</summary>
    /// <returns>Null when the signature is not valid.</returns>
    /// <exception cref="FetchException">The keys at the client's <c>jwks_uri</c> cannot be used.</exception>
    public async Task<JsonWebToken?> VerifyAsync(Client client, JsonWebToken token, IReadOnlyList<string> algorithms, CancellationToken cancellation) =>
        algorithms.Contains(token.Alg)
            ? await VerifyAsync(token, (await keys.FindAsync(client, string.IsNullOrEmpty(token.Kid) ? null : token.Kid, cancellation)).CandidatesFor(token), algorithms)
            : null;

    /// <param name="candidates">Each of them is tried.</param>
    public static async Task<JsonWebToken?> VerifyAsync(JsonWebToken token, IReadOnlyList<SecurityKey> candidates, IReadOnlyList<string> algorithms)
    {
        if (candidates.Count == 0)
            return null;
        var result = await Handler.ValidateTokenAsync(token.EncodedToken, new TokenValidationParameters
        {
            ValidAlgorithms = algorithms,
            // The library itself would try only one of several keys with the same kid.
            IssuerSigningKeyResolver = (_, _, _, _) => candidates,
            CryptoProviderFactory = SignatureProviders.NotShared,
            ValidateIssuer = false,
            ValidateAudience = false,
            ValidateLifetime = false,
        });
        return result.IsValid ? (JsonWebToken)result.SecurityToken : null;
    }
}
