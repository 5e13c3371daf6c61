using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Manage;

/// <summary>A server with people in each group of managers, a client by which they manage it, and one that does so for itself.</summary>
public class ManageServer : SharedServer
{
    public const string Boss = "boss";
    public const string Helper = "helper";
    public const string Auditor = "auditor";

    public const string Resource = $"{RunningServer.Issuer}/manage";

    private readonly Dictionary<string, string> tokens = [];

    public static string AllScopes { get; } = string.Join(' ', ManageScopes.Names);

    /// <summary>The API as an administrator calls it.</summary>
    public Task<ManageCaller> AsBossAsync() => AsAsync(Boss);

    /// <summary>The API as somebody calls it by an app that asks for everything.</summary>
    public async Task<ManageCaller> AsAsync(string username)
    {
        if (!tokens.TryGetValue(username, out var token))
            tokens[username] = token = (await new ClientApp(Server, "console").LoginAsync("openid " + AllScopes, new Browser(Server), username, Resource)).ShouldBeOk().AccessToken;
        return new ManageCaller(Server, token);
    }

    /// <summary>The API as a machine calls it.</summary>
    public async Task<ManageCaller> AsRobotAsync(string? scope = null) => new(Server, (await RobotTokenAsync(scope)).ShouldBeOk().AccessToken);

    public Task<JsonAnswer> RobotTokenAsync(string? scope = null) => new ClientApp(Server, "robot").PostAsync("token", [("grant_type", "client_credentials"), ("scope", scope)]);

    protected override string Import => Json;

    protected override ServerSetup Setup() => new() { Settings = new() { ["Manage:RequireSecondFactor"] = "false" } };

    /// <summary>The managers, and the clients by which they manage the server.</summary>
    public static string Json { get; } = $$"""
            {
              "groups": [{ "name": "administrators" }, { "name": "helpdesk" }, { "name": "auditors" }, { "name": "staff", "description": "Everybody who works here" }],
              "clients": [
                { "client_id": "console", "client_secret": "{{RawRequests.SecretOf("console")}}", "redirect_uris": ["https://console.example/callback"],
                  "grant_types": ["authorization_code", "refresh_token"], "scope": "openid offline_access {{AllScopes}} api.read", "first_party": true },
                { "client_id": "robot", "client_secret": "{{RawRequests.SecretOf("robot")}}", "grant_types": ["client_credentials"], "scope": "{{AllScopes}} api.read" }
              ],
              "users": [
                { "username": "boss", "subject": "boss-subject", "password_hash": "{{RunningServer.HashOfPassword}}", "groups": ["administrators"] },
                { "username": "helper", "subject": "helper-subject", "password_hash": "{{RunningServer.HashOfPassword}}", "groups": ["helpdesk"] },
                { "username": "auditor", "subject": "auditor-subject", "password_hash": "{{RunningServer.HashOfPassword}}", "groups": ["auditors"] }
              ]
            }
            """;
}

/// <summary>Calls of the management API with one access token.</summary>
public sealed class ManageCaller(RunningServer server, string? token)
{
    public string? Token => token;

    public Task<ManageAnswer> GetAsync(string path) => SendAsync("GET", path);

    public Task<ManageAnswer> PostAsync(string path, object? body = null, string? key = null) => SendAsync("POST", path, body, key is null ? [] : [("Idempotency-Key", key)]);

    public Task<ManageAnswer> PutNewAsync(string path, object body) => SendAsync("PUT", path, body, ("If-None-Match", "*"));

    public Task<ManageAnswer> PutAsync(string path, object body, string tag) => SendAsync("PUT", path, body, ("If-Match", tag));

    public Task<ManageAnswer> PatchAsync(string path, object body, string tag) => SendAsync("PATCH", path, body, ("If-Match", tag));

    public Task<ManageAnswer> DeleteAsync(string path, string tag) => SendAsync("DELETE", path, null, ("If-Match", tag));

    public async Task<ManageAnswer> SendAsync(string method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"manage/api/v1/{path}");
        if (token is not null && headers.All(header => header.Name != "Authorization"))
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
        {
            var text = body as string ?? (body as JsonNode)?.ToJsonString() ?? JsonSerializer.Serialize(body, ApiJson.Options);
            request.Content = new StringContent(text, Encoding.UTF8, headers.FirstOrDefault(header => header.Name == "Content-Type").Value ?? "application/json");
        }
        foreach (var (name, value) in headers.Where(header => header.Name != "Content-Type"))
            request.Headers.TryAddWithoutValidation(name, value);
        return await ManageAnswer.ReadAsync(await server.Http.SendAsync(request));
    }
}

/// <summary>An answer of the management API.</summary>
public sealed record ManageAnswer(HttpResponseMessage Response, JsonNode? Json)
{
    public int Status => (int)Response.StatusCode;

    public string Tag => Response.Headers.ETag?.ToString() ?? throw new InvalidOperationException($"No ETag in {Status} {Json}");

    public JsonNode? this[string name] => Json?[name];

    public string? Text(string name) => Json?[name]?.ToString();

    public IReadOnlyList<JsonNode> Items => [.. Json!["items"]!.AsArray().Select(item => item!)];

    public static async Task<ManageAnswer> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        return new(response, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public ManageAnswer ShouldBe(int status)
    {
        Assert.True(Status == status, $"Expected {status}, got {Status} {Json}");
        Assert.Equal("no-store", Response.Headers.CacheControl?.ToString());
        return this;
    }

    /// <summary>Problem details with that code: RFC 9457.</summary>
    public ManageAnswer ShouldFail(int status, string code)
    {
        ShouldBe(status);
        Assert.Equal("application/problem+json", Response.Content.Headers.ContentType?.ToString());
        Assert.Equal($"urn:functionsauth:problem:{code}", Text("type"));
        Assert.Equal(status, (int)Json!["status"]!);
        Assert.False(string.IsNullOrEmpty(Text("detail")));
        return this;
    }

    /// <summary>It was refused for what stands at these places of the body.</summary>
    public ManageAnswer ShouldBlame(params string[] paths)
    {
        ShouldFail(400, "invalid_request");
        Assert.Equal(paths.Order(), Json!["errors"]!.AsArray().Select(fault => fault!["path"]!.ToString()).Order());
        return this;
    }
}
