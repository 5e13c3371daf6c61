using System.Security.Cryptography;

namespace FunctionsAuth.Azure.KeyVault;

/// <summary>AES-256-GCM. The ciphertext is stored between its nonce and its tag.</summary>
internal static class AesSeal
{
    private const int KeyLength = 32;
    private const int NonceLength = 12;
    private const int TagLength = 16;

    public static byte[] NewKey() => RandomNumberGenerator.GetBytes(KeyLength);

    /// <param name="context">The additional data. Only a caller with the same context can decrypt the secret.</param>
    public static byte[] Encrypt(byte[] key, ReadOnlySpan<byte> secret, byte[] context)
    {
        var sealedSecret = new byte[NonceLength + secret.Length + TagLength];
        var (nonce, text, tag) = Parts(sealedSecret);
        RandomNumberGenerator.Fill(nonce.Span);
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(nonce.Span, secret, text.Span, tag.Span, context);
        return sealedSecret;
    }

    /// <exception cref="CryptographicException">The secret was encrypted with another key or context, or is damaged.</exception>
    /// <exception cref="ArgumentException">The text is too short.</exception>
    public static byte[] Decrypt(byte[] key, byte[] sealedSecret, byte[] context)
    {
        var (nonce, text, tag) = Parts(sealedSecret);
        var secret = new byte[text.Length];
        using var aes = new AesGcm(key, TagLength);
        aes.Decrypt(nonce.Span, text.Span, tag.Span, secret, context);
        return secret;
    }

    private static (Memory<byte> Nonce, Memory<byte> Text, Memory<byte> Tag) Parts(byte[] sealedSecret) =>
        (sealedSecret.AsMemory(0, NonceLength), sealedSecret.AsMemory(NonceLength..^TagLength), sealedSecret.AsMemory(^TagLength..));
}
