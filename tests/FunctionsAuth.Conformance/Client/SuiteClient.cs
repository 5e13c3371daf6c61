using System.Text;
using System.Text.Json.Nodes;

namespace FunctionsAuth.Conformance.Client;

/// <summary>A client as the server knows it, and how it proves who it is.</summary>
public sealed record SuiteClient
{
    public required string Id { get; init; }
    public string? Secret { get; init; }
    public required string AuthMethod { get; init; }
    public required string RedirectUri { get; init; }

    public SuiteKey Key { get; init; } = SuiteKey.Shared;

    /// <summary>Of the key, where the server fetches it.</summary>
    public string? Kid { get; init; }

    /// <summary>The <c>aud</c> of its assertions; null: the token endpoint.</summary>
    public string? AssertionAudience { get; init; }

    /// <summary>Userinfo answers with a JWT.</summary>
    public bool SignedUserInfo => Registration?["userinfo_signed_response_alg"] is not null;

    /// <summary>The answer to its registration; null for one of the import file.</summary>
    public JsonObject? Registration { get; init; }

    /// <summary>OpenID Connect Core §9 with the fields that the suite sends.</summary>
    public void Authenticate(HttpRequestMessage request, Dictionary<string, string> form, string tokenEndpoint)
    {
        switch (AuthMethod)
        {
            case "client_secret_basic":
                // RFC 6749 §2.3.1: both are form-encoded first.
                var pair = $"{Uri.EscapeDataString(Id)}:{Uri.EscapeDataString(Secret!)}";
                request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(pair)));
                break;
            case "client_secret_post":
                form["client_id"] = Id;
                form["client_secret"] = Secret!;
                break;
            case "private_key_jwt":
                form["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
                form["client_assertion"] = Assertion(AssertionAudience ?? tokenEndpoint);
                break;
            default:
                throw new InvalidOperationException($"The suite has no {AuthMethod}.");
        }
    }

    private string Assertion(string audience)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        return Key.Sign(
            new JsonObject
            {
                ["iss"] = Id,
                ["sub"] = Id,
                ["aud"] = audience,
                ["jti"] = RandomText.Of(20),
                ["iat"] = now,
                ["nbf"] = now,
                ["exp"] = now + 60,
            },
            Kid);
    }
}
