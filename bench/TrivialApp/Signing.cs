using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

/// <summary>What a token costs at least in a function app: it reads the form of a token request and signs one JWT. It checks and keeps nothing.</summary>
public sealed class Signing
{
    private static readonly ECParameters Ec = ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportParameters(includePrivateParameters: true);
    private static readonly RSAParameters Rsa = RSA.Create(2048).ExportParameters(includePrivateParameters: true);

    // One of each thread: nobody waits for another one's signature.
    private static readonly ThreadLocal<ECDsa> EcKey = new(() => ECDsa.Create(Ec));
    private static readonly ThreadLocal<RSA> RsaKey = new(() => RSA.Create(Rsa));

    /// <summary>With ES256.</summary>
    [Function("es256")]
    public Task<IResult> RunEc([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "es256")] HttpRequest request) =>
        AnswerAsync(request, "ES256", static data => EcKey.Value!.SignData(data, HashAlgorithmName.SHA256));

    /// <summary>With RS256.</summary>
    [Function("rs256")]
    public Task<IResult> RunRsa([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "rs256")] HttpRequest request) =>
        AnswerAsync(request, "RS256", static data => RsaKey.Value!.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    private static async Task<IResult> AnswerAsync(HttpRequest request, string algorithm, Func<byte[], byte[]> sign)
    {
        var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var header = $$"""{"alg":"{{algorithm}}","typ":"at+jwt","kid":"trivial"}""";
        var payload = $$"""
            {"iss":"http://localhost","sub":"service","client_id":"service","aud":"https://api.example","iat":{{now}},"exp":{{now + 3600}},"jti":"{{Guid.NewGuid():N}}","scope":"{{form["scope"]}}"}
            """;
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}";
        var answer = new { access_token = $"{signed}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(signed)))}", token_type = "Bearer", expires_in = 3600 };
        return Results.Text(JsonSerializer.SerializeToUtf8Bytes(answer), "application/json");
    }
}
