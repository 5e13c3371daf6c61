using System.Net.Http.Headers;
using System.Text;

namespace FunctionsAuth.Worker.Tests.Harness;

/// <summary>The sample clients and the sample user of LocalHost, and their requests.</summary>
internal static class Samples
{
    public const string Username = "alice";
    public const string Password = "Correct-Horse-7-Battery";
    public const string WebRedirectUri = "https://client.example/callback";

    private const string Verifier = "a-verifier-of-a-sample-that-is-no-secret-0123456789";

    public static AuthenticationHeaderValue Web => Basic("sample-web", "sample-web-secret-0123456789-abcdefghij");

    public static AuthenticationHeaderValue Service => Basic("sample-service", "sample-service-secret-0123456789-abcdef");

    public static AuthenticationHeaderValue Api => Basic("sample-api", "sample-api-secret-0123456789-abcdefghij");

    /// <summary>The parameters of an authorization request of the sample web app.</summary>
    public static Dictionary<string, string> Request() => new()
    {
        ["client_id"] = "sample-web",
        ["redirect_uri"] = WebRedirectUri,
        ["response_type"] = "code",
        ["scope"] = "openid offline_access",
        ["state"] = "a-state",
        ["code_challenge"] = System.Buffers.Text.Base64Url.EncodeToString(System.Security.Cryptography.SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))),
        ["code_challenge_method"] = "S256",
    };

    public static async Task<string> AuthorizeUrlAsync()
    {
        using var query = new FormUrlEncodedContent(Request());
        return $"authorize?{await query.ReadAsStringAsync()}";
    }

    public static HttpRequestMessage ClientCredentials() =>
        Post("token", Service, new() { ["grant_type"] = "client_credentials", ["scope"] = "api.read", ["resource"] = "https://api.example.com" });

    public static HttpRequestMessage Redeem(string code) =>
        Post("token", Web, new() { ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = WebRedirectUri, ["code_verifier"] = Verifier });

    public static HttpRequestMessage Refresh(string token) =>
        Post("token", Web, new() { ["grant_type"] = "refresh_token", ["refresh_token"] = token });

    public static HttpRequestMessage Post(string path, AuthenticationHeaderValue? client, Dictionary<string, string> form) => new(HttpMethod.Post, path)
    {
        Headers = { Authorization = client },
        Content = new FormUrlEncodedContent(form),
    };

    private static AuthenticationHeaderValue Basic(string id, string secret) => new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{id}:{secret}")));
}
