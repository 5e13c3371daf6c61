using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FunctionsAuth.Protocol.Endpoints.Introspection;

namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>A client in the tests. It authenticates with its registered method and calls the endpoints.</summary>
public sealed class ClientApp(RunningServer server, string clientId = "web")
{
    /// <summary>The secret; null for a public client.</summary>
    private string? Secret => clientId is "spa" or "native" ? null : RawRequests.SecretOf(clientId);

    /// <summary>Signs a user in and redeems the code.</summary>
    public async Task<JsonAnswer> LoginAsync(string scope = "openid offline_access", Browser? browser = null, string username = "alice", string? resource = null)
    {
        var request = new AuthorizationParameters(clientId, RedirectUri, scope).With("resource", resource);
        var answer = await (browser ?? new Browser(server)).AuthorizeAsync(request, username);
        return await RedeemAsync(answer.Parameters["code"]);
    }

    public string RedirectUri => clientId == "third-party" ? "https://third.example/callback" : $"https://{clientId}.example/callback";

    public Task<JsonAnswer> RedeemAsync(string code, params (string Name, string? Value)[] changes) => PostAsync("token",
    [
        ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", RedirectUri), ("code_verifier", AuthorizationParameters.Verifier), .. changes,
    ]);

    public Task<JsonAnswer> RefreshAsync(string refreshToken, params (string Name, string? Value)[] changes) =>
        PostAsync("token", [("grant_type", "refresh_token"), ("refresh_token", refreshToken), .. changes]);

    public Task<JsonAnswer> IntrospectAsync(string token) => PostAsync("introspect", [("token", token)]);

    /// <summary>Asks for the answer as a JWT: RFC 9701 §4.</summary>
    public async Task<string> SignedIntrospectionAsync(string token)
    {
        using var response = await IntrospectAsync(token, SignedIntrospection.MediaType);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(SignedIntrospection.MediaType, response.Content.Headers.ContentType?.MediaType);
        return await response.Content.ReadAsStringAsync();
    }

    public async Task<HttpResponseMessage> IntrospectAsync(string token, string? accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "introspect") { Content = new FormUrlEncodedContent([new("token", token)]) };
        request.Headers.Authorization = AuthenticationHeaderValue.Parse(RawRequests.Basic(clientId, Secret!));
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        return await server.Http.SendAsync(request);
    }

    public Task<JsonAnswer> RevokeAsync(string token) => PostAsync("revoke", [("token", token)]);

    public async Task<JsonAnswer> UserInfoAsync(string accessToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "userinfo");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return await JsonAnswer.ReadAsync(await server.Http.SendAsync(request));
    }

    /// <summary>
    /// Posts a form with the registered authentication method. A field with the value null is left out. If a name occurs twice, the last value is sent.
    /// </summary>
    public async Task<JsonAnswer> PostAsync(string endpoint, IEnumerable<(string Name, string? Value)> fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
        var form = new Dictionary<string, string?>();
        foreach (var (name, value) in fields)
            form[name] = value;
        if (Secret is null)
            form.TryAdd("client_id", clientId);
        else if (clientId == "post")
            (form["client_id"], form["client_secret"]) = (clientId, Secret);
        else
            request.Headers.Authorization = AuthenticationHeaderValue.Parse(RawRequests.Basic(clientId, Secret));
        request.Content = new FormUrlEncodedContent(form.Where(pair => pair.Value is not null).Select(pair => new KeyValuePair<string, string>(pair.Key, pair.Value!)));
        return await JsonAnswer.ReadAsync(await server.Http.SendAsync(request));
    }
}

/// <summary>A JSON response whose body was read.</summary>
public sealed record JsonAnswer(HttpResponseMessage Response, JsonElement Json)
{
    public int Status => (int)Response.StatusCode;

    public string? this[string name] => Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(name, out var value) ? value.ToString() : null;

    public string? Error => this["error"];

    public string AccessToken => this["access_token"] ?? throw new InvalidOperationException($"No access token in {Json}");

    public string RefreshToken => this["refresh_token"] ?? throw new InvalidOperationException($"No refresh token in {Json}");

    public string IdToken => this["id_token"] ?? throw new InvalidOperationException($"No ID token in {Json}");

    public bool IsActive => Json.GetProperty("active").GetBoolean();

    public static async Task<JsonAnswer> ReadAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        return new JsonAnswer(response, body.Length == 0 ? default : JsonDocument.Parse(body).RootElement);
    }

    /// <summary>The payload of a JWT.</summary>
    public static JsonElement Claims(string jwt) => Part(jwt, 1);

    public static JsonElement Header(string jwt) => Part(jwt, 0);

    private static JsonElement Part(string jwt, int index) =>
        JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(jwt.Split('.')[index])).RootElement;
}
