using Microsoft.IdentityModel.Tokens;

namespace FunctionsAuth.Protocol.Jwt;

/// <summary>The signature providers with which Microsoft.IdentityModel verifies.</summary>
internal static class SignatureProviders
{
    /// <summary>
    /// A new provider for each verification. The library's shared cache would keep a provider for each key that it has verified with, and
    /// clients that register themselves can present any number of keys.
    /// </summary>
    public static readonly CryptoProviderFactory NotShared = new() { CacheSignatureProviders = false };
}
