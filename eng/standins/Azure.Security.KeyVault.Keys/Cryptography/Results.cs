namespace Azure.Security.KeyVault.Keys.Cryptography;

public class SignResult
{
    internal SignResult() { }

    public string? KeyId { get; internal init; }

    public byte[] Signature { get; internal init; } = [];

    public SignatureAlgorithm Algorithm { get; internal init; }
}

public class VerifyResult
{
    internal VerifyResult() { }

    public string? KeyId { get; internal init; }

    public bool IsValid { get; internal init; }

    public SignatureAlgorithm Algorithm { get; internal init; }
}

public class WrapResult
{
    internal WrapResult() { }

    public string? KeyId { get; internal init; }

    public byte[] EncryptedKey { get; internal init; } = [];

    public KeyWrapAlgorithm Algorithm { get; internal init; }
}

public class UnwrapResult
{
    internal UnwrapResult() { }

    public string? KeyId { get; internal init; }

    public byte[] Key { get; internal init; } = [];

    public KeyWrapAlgorithm Algorithm { get; internal init; }
}
