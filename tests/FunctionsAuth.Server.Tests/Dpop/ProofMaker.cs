using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Protocol.Wire;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Dpop;

/// <summary>A client's key, and the proofs that it makes with it (RFC 9449 §4.2), right or wrong in one point.</summary>
internal sealed class ProofMaker(RunningServer server, SigningKeyType type = SigningKeyType.Ec)
{
    public ClientKey Key { get; } = new(type) { Algorithm = type == SigningKeyType.Ec ? SigningAlgorithms.ES256 : SigningAlgorithms.PS256 };

    /// <summary>RFC 7638: the key id of our own keys is their thumbprint.</summary>
    public string Thumbprint => Key.Kid;

    /// <summary>The last nonce that the server told.</summary>
    public string? Nonce { get; set; }

    /// <param name="change">Makes it wrong: the header, and the claims.</param>
    public string Make(string method, string route, string? accessToken = null, Action<JsonObject, JsonObject>? change = null)
    {
        var jwk = Key.Jwk(withKid: false);
        jwk.Remove("use");
        jwk.Remove("alg");
        var header = new JsonObject { ["typ"] = "dpop+jwt", ["jwk"] = jwk };
        var claims = new JsonObject
        {
            ["jti"] = Guid.NewGuid().ToString(),
            ["htm"] = method,
            ["htu"] = $"{RunningServer.Issuer}/{route}",
            ["iat"] = server.Clock.GetUtcNow().ToUnixTimeSeconds(),
        };
        if (accessToken is not null)
            claims["ath"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)));
        if (Nonce is not null)
            claims["nonce"] = Nonce;
        change?.Invoke(header, claims);
        return Key.SignWithHeader(claims, header);
    }

    public async Task<JsonAnswer> PostAsync(string route, string? secret, IEnumerable<(string Name, string? Value)> fields, params IReadOnlyList<string> proofs)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, route)
        {
            Content = new FormUrlEncodedContent(fields.Where(field => field.Value is not null).Select(field => new KeyValuePair<string, string>(field.Name, field.Value!))),
        };
        if (secret is not null)
            request.Headers.Add("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(secret))}");
        foreach (var proof in proofs)
            request.Headers.TryAddWithoutValidation("DPoP", proof);
        return await SendAsync(request);
    }

    public async Task<JsonAnswer> UserInfoAsync(string accessToken, string? proof, string scheme = "DPoP")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "userinfo");
        request.Headers.TryAddWithoutValidation("Authorization", $"{scheme} {accessToken}");
        if (proof is not null)
            request.Headers.TryAddWithoutValidation("DPoP", proof);
        return await SendAsync(request);
    }

    private async Task<JsonAnswer> SendAsync(HttpRequestMessage request)
    {
        var answer = await JsonAnswer.ReadAsync(await server.Http.SendAsync(request));
        if (answer.Response.Headers.TryGetValues("DPoP-Nonce", out var nonces))
            Nonce = nonces.Single();
        return answer;
    }
}
