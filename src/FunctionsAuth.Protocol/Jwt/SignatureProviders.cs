using Microsoft.IdentityModel.Tokens;

namespace FunctionsAuth.Protocol.Jwt;

/// <summary>What verifies signatures for the library.</summary>
internal static class SignatureProviders
{
    /// <summary>
    /// One for each verification. Those that JsonWebTokens 6.8 keeps and shares refuse a good signature now and then, when
    /// several requests use a key for the first time at the same moment.
    /// </summary>
    public static readonly CryptoProviderFactory NotShared = new() { CacheSignatureProviders = false };
}
