using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FunctionsAuth.Bench.Load;

namespace FunctionsAuth.Bench.Flows;

/// <summary>Before a server is measured: it signs what it issues with the algorithm of the row, and takes a code once. A server that checks less is faster.</summary>
internal static class ServerCheck
{
    /// <param name="refusesReplay">False for a server that keeps nothing, and so can't know that a code was used before.</param>
    /// <exception cref="BenchException">It fails the check.</exception>
    public static async Task RunAsync(string name, Site site, string algorithm, bool refusesReplay)
    {
        using var wire = await Wire.ConnectAsync(site.Port);
        using var keys = JsonDocument.Parse((await wire.SendAsync(Requests.Get(site.Jwks))).Expect(200).Body);
        var own = (await wire.SendAsync(Requests.Post(site.Token, "grant_type=client_credentials&scope=api.read", Clients.Service))).Expect(200);
        Verify(name, own.Member("access_token"), keys.RootElement, algorithm);
        var code = (await SignIn.RunAsync(site, Clients.SilentRequest)).Code;
        Verify(name, (await wire.SendAsync(CodeScript.Redemption(site, code))).Expect(200).Member("id_token"), keys.RootElement, algorithm);
        var again = await wire.SendAsync(CodeScript.Redemption(site, code));
        if (refusesReplay ? again.Status != 400 : again.Status != 200)
            throw new BenchException($"{name} answers a code that was used before with {again.Status}.");
        if ((await wire.SendAsync(Requests.Post(site.Token, "grant_type=client_credentials&scope=api.read", Requests.Basic("service", "wrong")))).Status != 401)
            throw new BenchException($"{name} takes a wrong secret.");
    }

    private static void Verify(string name, string token, JsonElement keys, string algorithm)
    {
        var parts = token.Split('.');
        using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0]));
        var key = keys.GetProperty("keys").EnumerateArray().Single(one => one.GetProperty("kid").GetString() == header.RootElement.GetProperty("kid").GetString());
        var (signed, signature) = (Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]));
        if (header.RootElement.GetProperty("alg").GetString() != algorithm || !(algorithm == "ES256" ? IsByEc(key, signed, signature) : IsByRsa(key, signed, signature)))
            throw new BenchException($"A token of {name} is not signed with {algorithm} by a key of its JWKS.");
    }

    private static bool IsByEc(JsonElement key, byte[] signed, byte[] signature)
    {
        using var ec = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = Bytes(key, "x"), Y = Bytes(key, "y") } });
        return ec.VerifyData(signed, signature, HashAlgorithmName.SHA256);
    }

    private static bool IsByRsa(JsonElement key, byte[] signed, byte[] signature)
    {
        using var rsa = RSA.Create(new RSAParameters { Modulus = Bytes(key, "n"), Exponent = Bytes(key, "e") });
        return rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private static byte[] Bytes(JsonElement key, string name) => Base64Url.DecodeFromChars(key.GetProperty(name).GetString());
}
