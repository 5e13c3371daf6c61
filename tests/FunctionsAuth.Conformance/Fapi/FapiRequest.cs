using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Conformance.Client;

namespace FunctionsAuth.Conformance.Fapi;

/// <summary>An authorization request, and the verifier of its challenge.</summary>
public sealed record FapiRequest(AuthorizationParameters Parameters, string Verifier)
{
    /// <summary>The base flow's: S256 with a verifier of 128 characters, a state and a nonce of 10.</summary>
    public static FapiRequest Of(FapiClient client, params IEnumerable<(string Name, string? Value)> changes)
    {
        var verifier = RandomText.LongOf(128);
        (string, string?)[] usual =
        [
            ("client_id", client.Id), ("redirect_uri", client.RedirectUri), ("response_type", "code"), ("scope", "openid"), ("state", RandomText.Of(10)), ("nonce", RandomText.Of(10)),
            ("code_challenge", Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))), ("code_challenge_method", "S256"),
        ];
        return new FapiRequest(usual.Concat(changes).Aggregate(new AuthorizationParameters(), (request, change) => request.With(change.Item1, change.Item2)), verifier);
    }
}
