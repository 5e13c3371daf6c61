using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.Protocol.Jwt;

/// <summary>
/// Writes and signs JWTs (RFC 7515 §5.1). A key store receives only the SHA-256 digest of a token. Signing is asynchronous, because most
/// stores sign over the network; the signature providers of Microsoft.IdentityModel are synchronous and cannot be used here.
/// </summary>
public sealed class JwtSigner(KeySigner signer)
{
    /// <summary>Signs a JWT in the compact serialization (RFC 7515 §7.1).</summary>
    /// <param name="algorithm">One of <see cref="SigningAlgorithms"/>.</param>
    /// <param name="type">The <c>typ</c> header, one of <see cref="JwtTypes"/>.</param>
    /// <param name="writeClaims">Writes the members of the payload.</param>
    /// <exception cref="KeyStoreException">No key store signed.</exception>
    public async Task<string> SignAsync(string algorithm, string type, Action<Utf8JsonWriter> writeClaims, CancellationToken cancellation)
    {
        var payload = JwtJson.Write(writeClaims);
        byte[] input = [];
        var (_, signature) = await signer.SignAsync(algorithm, DigestFor, cancellation);
        return Token(input, signature);

        // The input names the key. The key that signs is the last one that this is called for.
        byte[] DigestFor(KeyVersion key) => SHA256.HashData(input = SigningInput(Header(algorithm, type, key), payload));
    }

    private static byte[] Header(string algorithm, string type, KeyVersion key) => JwtJson.Write(json =>
    {
        json.WriteString("alg", algorithm);
        json.WriteString("typ", type);
        json.WriteString("kid", key.PublicKey.Kid);
    });

    private static byte[] SigningInput(byte[] header, byte[] payload)
    {
        var dot = Base64Url.GetEncodedLength(header.Length);
        var input = new byte[dot + 1 + Base64Url.GetEncodedLength(payload.Length)];
        Base64Url.EncodeToUtf8(header, input);
        input[dot] = (byte)'.';
        Base64Url.EncodeToUtf8(payload, input.AsSpan(dot + 1));
        return input;
    }

    private static string Token(byte[] input, byte[] signature) =>
        string.Create(input.Length + 1 + Base64Url.GetEncodedLength(signature.Length), (input, signature), static (token, parts) =>
        {
            Encoding.ASCII.GetChars(parts.input, token);
            token[parts.input.Length] = '.';
            Base64Url.EncodeToChars(parts.signature, token[(parts.input.Length + 1)..]);
        });
}
