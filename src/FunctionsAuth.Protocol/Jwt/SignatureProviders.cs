using Microsoft.IdentityModel.Tokens;

namespace FunctionsAuth.Protocol.Jwt;

/// <summary>What verifies signatures for the library.</summary>
internal static class SignatureProviders
{
    /// <summary>
    /// One for each verification. The cache that the library shares keeps a provider for each key that it has met, and many of the
    /// keys are those of strangers: clients that registered themselves.
    /// </summary>
    public static readonly CryptoProviderFactory NotShared = new() { CacheSignatureProviders = false };
}
