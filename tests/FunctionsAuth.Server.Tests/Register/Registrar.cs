using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Register;

/// <summary>Talks to the registration endpoints, and is an operator who makes tokens.</summary>
public sealed class Registrar(RunningServer server)
{
    public const string Callback = "https://app.example/callback";

    public static Dictionary<string, string?> OpenMode => new() { ["Registration:Mode"] = "open" };

    /// <summary>A server where anyone may register.</summary>
    public static ServerSetup OpenTo(TestStorage storage, params (string Name, string Value)[] settings) => storage.Setup([("Registration:Mode", "open"), .. settings]);

    /// <summary>What a client registers that wants nothing special.</summary>
    public static JsonObject Metadata(params (string Name, JsonNode? Value)[] members)
    {
        var metadata = new JsonObject { ["redirect_uris"] = new JsonArray(Callback) };
        foreach (var (name, value) in members)
            metadata[name] = value;
        return metadata;
    }

    public Task<JsonAnswer> RegisterAsync(JsonObject? metadata = null, string? token = null) => SendAsync(HttpMethod.Post, "register", token, JsonContent.Create(metadata ?? Metadata()));

    public async Task<JsonAnswer> RegisterOkAsync(params (string Name, JsonNode? Value)[] members)
    {
        var answer = await RegisterAsync(Metadata(members));
        Assert.True(answer.Status == 201, $"{answer.Status} {answer.Json}");
        return answer;
    }

    public Task<JsonAnswer> GetAsync(JsonAnswer client, string? token = null) => SendAsync(HttpMethod.Get, UriOf(client), token ?? TokenOf(client));

    public Task<JsonAnswer> DeleteAsync(JsonAnswer client, string? token = null) => SendAsync(HttpMethod.Delete, UriOf(client), token ?? TokenOf(client));

    /// <summary>Replaces the registration; the client's own id is added.</summary>
    public Task<JsonAnswer> PutAsync(JsonAnswer client, JsonObject metadata, string? token = null)
    {
        metadata.TryAdd("client_id", client["client_id"]);
        return SendAsync(HttpMethod.Put, UriOf(client), token ?? TokenOf(client), JsonContent.Create(metadata));
    }

    public async Task<JsonAnswer> SendAsync(HttpMethod method, string uri, string? token, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, uri) { Content = content };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await JsonAnswer.ReadAsync(await server.Http.SendAsync(request));
    }

    /// <summary>An initial access token, as the command makes it.</summary>
    public async Task<string> NewTokenAsync(int uses = 1, TimeSpan? life = null)
    {
        var expiresAt = server.Clock.GetUtcNow() + (life ?? TimeSpan.FromDays(1));
        var token = InitialAccessToken.New(expiresAt);
        var access = new InitialAccess { Address = token.Address, SecretHash = SecretHash.Of(token.Secret), Limit = uses, ExpiresAt = expiresAt };
        Assert.True((await server.Get<IInitialAccessStore>().TrySaveAsync(access, default)).Won);
        return token.Encode();
    }

    /// <summary>A request of such a client for a code.</summary>
    public static AuthorizationParameters RequestOf(string clientId, string scope = "openid") => new(clientId, Callback, scope);

    /// <summary>Signs a user in and redeems the code.</summary>
    public async Task<JsonAnswer> LoginAsync(string clientId, string? secret = null, string scope = "openid", Browser? browser = null)
    {
        var answer = await (browser ?? new Browser(server)).AuthorizeAsync(RequestOf(clientId, scope));
        return await RedeemAsync(clientId, answer.Parameters["code"], secret);
    }

    public Task<JsonAnswer> RedeemAsync(string clientId, string code, string? secret = null) => PostAsync(clientId, secret,
        $"grant_type=authorization_code&code={code}&redirect_uri={Uri.EscapeDataString(Callback)}&code_verifier={AuthorizationParameters.Verifier}");

    public Task<JsonAnswer> RefreshAsync(string clientId, string refreshToken, string? secret = null) =>
        PostAsync(clientId, secret, $"grant_type=refresh_token&refresh_token={refreshToken}");

    private Task<JsonAnswer> PostAsync(string clientId, string? secret, string form) => secret is null
        ? server.PostAsync("token", $"{form}&client_id={Uri.EscapeDataString(clientId)}")
        : server.PostAsync("token", form, RawRequests.Basic(clientId, secret));

    public static string TokenOf(JsonAnswer client) => client["registration_access_token"]!;

    private static string UriOf(JsonAnswer client) => client["registration_client_uri"]!;
}

/// <summary>A server for all tests of a class, where anyone may register.</summary>
public sealed class OpenServer : SharedServer
{
    protected override ServerSetup Setup() => new() { Settings = Registrar.OpenMode };
}
