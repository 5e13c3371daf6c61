using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Bench.Load;

namespace FunctionsAuth.Bench.Flows;

/// <summary>A service gets a token that is bound to its key (RFC 9449), with a new proof each time. The proof is made by the load, and not counted.</summary>
internal sealed class DpopScript(Site site) : IScript
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public async ValueTask RunAsync(Sender send) =>
        (await send.Counted(Requests.Post(site.Token, "grant_type=client_credentials&scope=api.read", Clients.Service, $"DPoP: {Proof()}"))).Expect(200);

    private string Proof()
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var header = $$$"""{"typ":"dpop+jwt","alg":"ES256","jwk":{"kty":"EC","crv":"P-256","x":"{{{Base64Url.EncodeToString(point.X)}}}","y":"{{{Base64Url.EncodeToString(point.Y)}}}"}}""";
        var claims = $$"""{"jti":"{{Guid.NewGuid()}}","htm":"POST","htu":"http://localhost:{{site.Port}}{{site.Token}}","iat":{{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}}}""";
        var input = $"{Encode(header)}.{Encode(claims)}";
        return $"{input}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256))}";
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
