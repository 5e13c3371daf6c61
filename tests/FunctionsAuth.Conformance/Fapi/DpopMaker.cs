using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Client;

namespace FunctionsAuth.Conformance.Fapi;

/// <summary>Makes DPoP proofs (RFC 9449 §4.2) with one key, and knows the last nonce of the server.</summary>
public sealed class DpopMaker
{
    public FapiKey Key { get; } = FapiKey.Ec();

    public string? Nonce { get; set; }

    /// <summary>RFC 7638: the members of the key in the order of their names.</summary>
    public string Thumbprint
    {
        get
        {
            var sorted = new JsonObject(Key.PublicKey().OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
            return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(sorted.ToJsonString())));
        }
    }

    /// <param name="change">Of the header and the claims.</param>
    public string Proof(string method, string url, string? accessToken = null, Action<JsonObject, JsonObject>? change = null)
    {
        var header = new JsonObject { ["typ"] = "dpop+jwt", ["jwk"] = Key.PublicKey() };
        var claims = new JsonObject { ["jti"] = RandomText.Of(20), ["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(), ["htm"] = method, ["htu"] = url };
        if (accessToken is not null)
            claims["ath"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)));
        if (Nonce is not null)
            claims["nonce"] = Nonce;
        change?.Invoke(header, claims);
        return Key.Sign(claims, header);
    }
}
