using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.Protocol.Jwt;

/// <summary>
/// Writes and signs JWTs (RFC 7515 §5.1). The vault sees only the SHA-256 digest; as it signs over the network, a
/// library's synchronous signature provider can't be used here.
/// </summary>
public sealed class JwtSigner(KeySigner signer)
{
    /// <param name="algorithm">One of <see cref="SigningAlgorithms"/>.</param>
    /// <param name="type">The <c>typ</c> header, one of <see cref="JwtTypes"/>.</param>
    /// <param name="writeClaims">Writes the members of the payload.</param>
    /// <exception cref="KeyVaultException">No vault signed.</exception>
    public async Task<string> SignAsync(string algorithm, string type, Action<Utf8JsonWriter> writeClaims, CancellationToken cancellation)
    {
        var payload = Json(writeClaims);
        var (key, signature) = await signer.SignAsync(algorithm, key => SHA256.HashData(Encoding.ASCII.GetBytes(SigningInput(key))), cancellation);
        return SigningInput(key) + "." + Base64Url.EncodeToString(signature);

        string SigningInput(KeyVersion key) => Header(algorithm, type, key) + "." + payload;
    }

    private static string Header(string algorithm, string type, KeyVersion key) => Json(json =>
    {
        json.WriteString("alg", algorithm);
        json.WriteString("typ", type);
        json.WriteString("kid", key.PublicKey.Kid);
    });

    private static string Json(Action<Utf8JsonWriter> write) => Base64Url.EncodeToString(JwtJson.Write(write).Span);
}
