using System.Buffers.Text;
using System.Collections.Concurrent;
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
    /// <summary>More than the algorithms, types and keys of months. Beyond it, all headers are written anew.</summary>
    private const int MostHeaders = 200;

    private readonly ConcurrentDictionary<(string Algorithm, string Type, string Kid), byte[]> headers = new();

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
        byte[] DigestFor(KeyVersion key) => SHA256.HashData(input = SigningInput(HeaderOf(algorithm, type, key.PublicKey.Kid), payload));
    }

    /// <summary>The encoded header. It is the same for all tokens of a type that one key signs.</summary>
    private byte[] HeaderOf(string algorithm, string type, string kid)
    {
        if (headers.TryGetValue((algorithm, type, kid), out var known))
            return known;
        if (headers.Count >= MostHeaders)
            headers.Clear();
        return headers[(algorithm, type, kid)] = Base64Url.EncodeToUtf8(JwtJson.Write(json =>
        {
            json.WriteString("alg", algorithm);
            json.WriteString("typ", type);
            json.WriteString("kid", kid);
        }));
    }

    private static byte[] SigningInput(byte[] header, byte[] payload)
    {
        var input = new byte[header.Length + 1 + Base64Url.GetEncodedLength(payload.Length)];
        header.CopyTo(input, 0);
        input[header.Length] = (byte)'.';
        Base64Url.EncodeToUtf8(payload, input.AsSpan(header.Length + 1));
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
