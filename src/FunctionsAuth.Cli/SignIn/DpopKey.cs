using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FunctionsAuth.Cli.Api;

namespace FunctionsAuth.Cli.SignIn;

/// <summary>A key to which tokens are bound: RFC 9449, with ES256.</summary>
internal sealed class DpopKey : IDisposable
{
    private readonly ECDsa key;
    private readonly ECParameters point;

    private DpopKey(ECDsa key)
    {
        this.key = key;
        point = key.ExportParameters(includePrivateParameters: false);
    }

    public static DpopKey New() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <param name="text">The text of <see cref="Export"/>.</param>
    public static DpopKey? Import(string? text)
    {
        if (text is null)
            return null;
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(text), out _);
        return new DpopKey(key);
    }

    public string Export() => Convert.ToBase64String(key.ExportPkcs8PrivateKey());

    /// <summary>RFC 7638: the members in the order of their names.</summary>
    public string Thumbprint => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{X}}","y":"{{Y}}"}""")));

    private string X => Base64Url.EncodeToString(point.Q.X);

    private string Y => Base64Url.EncodeToString(point.Q.Y);

    /// <summary>A proof for one request (RFC 9449 §4.2).</summary>
    /// <param name="nonce">The nonce that the server requires; null for none.</param>
    /// <param name="accessToken">The token that is sent with the proof; null at the token endpoint.</param>
    public string Prove(HttpMethod method, Uri address, DateTimeOffset now, string? nonce, string? accessToken)
    {
        var header = new JsonObject { ["typ"] = "dpop+jwt", ["alg"] = "ES256", ["jwk"] = new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = X, ["y"] = Y } };
        var claims = new JsonObject
        {
            ["jti"] = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
            ["htm"] = method.Method,
            ["htu"] = address.GetLeftPart(UriPartial.Path),
            ["iat"] = now.ToUnixTimeSeconds(),
        };
        if (nonce is not null)
            claims["nonce"] = nonce;
        if (accessToken is not null)
            claims["ath"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)));
        var text = $"{Base64Url.EncodeToString(ApiJson.Bytes(header))}.{Base64Url.EncodeToString(ApiJson.Bytes(claims))}";
        return $"{text}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256))}";
    }

    public void Dispose() => key.Dispose();
}
