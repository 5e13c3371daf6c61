using Azure.Security.KeyVault.Keys.Cryptography;

namespace Azure.Security.KeyVault.Keys;

/// <summary>Makes the results that a vault answers with, for derived clients and tests.</summary>
public static class CryptographyModelFactory
{
    public static SignResult SignResult(string? keyId = null, byte[]? signature = null, SignatureAlgorithm algorithm = default) =>
        new() { KeyId = keyId, Signature = signature ?? [], Algorithm = algorithm };

    public static VerifyResult VerifyResult(string? keyId = null, bool isValid = false, SignatureAlgorithm algorithm = default) =>
        new() { KeyId = keyId, IsValid = isValid, Algorithm = algorithm };

    public static WrapResult WrapResult(string? keyId = null, byte[]? key = null, KeyWrapAlgorithm algorithm = default) =>
        new() { KeyId = keyId, EncryptedKey = key ?? [], Algorithm = algorithm };

    public static UnwrapResult UnwrapResult(string? keyId = null, byte[]? key = null, KeyWrapAlgorithm algorithm = default) =>
        new() { KeyId = keyId, Key = key ?? [], Algorithm = algorithm };
}
