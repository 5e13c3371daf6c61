using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Server.Tests.FrontChannel;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Details;

/// <summary>A server with types of authorization details, for payments, accounts and files, and clients that may ask for them.</summary>
public sealed class BankServer : IAsyncLifetime
{
    public const string Bank = "https://bank.example";
    public const string Other = "https://other.example";
    public const string Callback = "https://shop.example/callback";

    public const string Payment = """{"type":"payment","amount":{"value":25.5,"currency":"EUR"},"creditor":"Green Grocer"}""";
    public const string Accounts = """{"type":"accounts","actions":["balance","history"],"accounts":[{"iban":"DE02100100100006820101"},{"iban":"DE02500105170137075030","name":"Savings"}]}""";
    public const string Folder = """{"type":"folder","path":"/reports"}""";

    private readonly ClientKey key = new();
    private int users;

    public RunningServer Server { get; private set; } = null!;

    public ClientApp App(string clientId = "shop") => new(Server, clientId);

    public async Task InitializeAsync()
    {
        Server = await RunningServer.StartAsync(new ServerSetup { Settings = new() { ["CacheFor"] = "00:00:00", ["Legacy:PasswordGrant"] = "true" } });
        await ImportAsync();
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    /// <summary>What the operator wrote, once more.</summary>
    public Task ImportAsync() => LocalServer.ImportAsync(Server.Services, $$"""
        {
          "resources": [{ "identifier": "{{Bank}}", "introspected_by": ["bank"] }],
          "authorization_details_types": [
            {
              "type": "payment", "title": "A payment", "title#de": "Eine Zahlung", "resource": "{{Bank}}", "always_ask": true,
              "schema": {
                "properties": {
                  "amount": {
                    "type": "object", "required": ["value", "currency"],
                    "properties": { "value": { "type": "number", "exclusiveMinimum": 0, "maximum": 10000 }, "currency": { "type": "string", "enum": ["EUR", "USD"] } }
                  },
                  "creditor": { "type": "string", "maxLength": 70 },
                  "reference": { "type": "string", "pattern": "^[A-Z0-9 ]+$" }
                },
                "required": ["amount", "creditor"]
              },
              "lines": [
                { "text": "Up to {amount.value} {amount.currency} to {creditor}", "text#de": "Bis zu {amount.value} {amount.currency} an {creditor}" },
                { "text": "Reference: {reference}" }
              ]
            },
            {
              "type": "accounts", "title": "Your accounts", "resource": "{{Bank}}",
              "schema": {
                "properties": {
                  "actions": { "type": "array", "items": { "type": "string", "enum": ["balance", "history"] } },
                  "accounts": { "type": "array", "items": { "type": "object", "properties": { "iban": { "type": "string" }, "name": { "type": "string" } }, "required": ["iban"] } }
                },
                "required": ["actions"]
              },
              "lines": [{ "text": "To see {actions}" }, { "text": "Account {accounts.iban}" }, { "text": "{accounts.iban} is called {accounts.name}" }]
            },
            {
              "type": "folder", "title": "A folder",
              "schema": {
                "properties": { "path": { "type": "string" }, "locations": { "type": "array", "items": { "type": "string", "format": "uri" } }, "depth": { "type": "integer", "minimum": 0 } },
                "required": ["path"]
              },
              "lines": [{ "text": "{path}" }, { "text": "At {locations}" }, { "text": "{depth} levels" }]
            },
            { "type": "ping", "title": "To know that you are there", "resource": "{{Other}}" },
            { "type": "not-for-the-shop", "title": "Not for the shop" }
          ],
          "clients": [
            {{Client("shop", "")}},
            {{Client("own", "\"first_party\": true")}},
            {{Client("opaque", "\"first_party\": true, \"access_token_format\": \"reference\"")}},
            { "client_id": "robot", "client_secret": "{{RawRequests.SecretOf("robot")}}", "grant_types": ["client_credentials"], "scope": "api.read", "authorization_details_types": ["accounts", "payment", "folder"] },
            { "client_id": "bank", "client_secret": "{{RawRequests.SecretOf("bank")}}", "grant_types": [], "scope": "" }
          ]
        }
        """);

    /// <summary>The operator changes a client.</summary>
    public async Task ChangeAsync(string clientId, Func<Client, Client> change) =>
        await Server.RegisterAsync(change((await Server.Get<IClientStore>().FindAsync(clientId, default))!));

    /// <summary>A browser in which somebody has just signed in whom no other test knows.</summary>
    public async Task<Browser> NewUserAsync() => (await NewPersonAsync()).Browser;

    public async Task<(Browser Browser, string Subject)> NewPersonAsync()
    {
        var username = await Server.AddUserAsync($"user-{Interlocked.Increment(ref users)}");
        return (await Server.SignedInAsync(username), $"{username}-subject");
    }

    public static AuthorizationParameters Request(string? details, string clientId = "shop", string? scope = "openid") =>
        new AuthorizationParameters(clientId).With("scope", scope).With("authorization_details", details);

    /// <summary>What the browser gets for the request, which may be the consent page.</summary>
    public static async Task<Answer> AskAsync(Browser browser, AuthorizationParameters request) => await browser.FollowAsync(await browser.GetAsync(request.Url));

    /// <summary>Tokens for what a new person allowed.</summary>
    public async Task<JsonAnswer> TokensAsync(string details, string clientId = "shop", string? scope = "openid", (string Name, string? Value)[]? changes = null) =>
        (await App(clientId).RedeemAsync(await CodeAsync(details, clientId, scope), changes ?? [])).ShouldBeOk();

    public async Task<string> CodeAsync(string details, string clientId = "shop", string? scope = "openid") =>
        Expect.Code(await (await NewUserAsync()).AuthorizeAsync(Request(details, clientId, scope)), $"https://{clientId}.example/callback");

    public string SignedRequest(JsonNode details)
    {
        var claims = new JsonObject { ["iss"] = "shop", ["aud"] = RunningServer.Issuer, ["authorization_details"] = details };
        foreach (var (name, value) in new AuthorizationParameters("shop").All)
            claims[name] = value;
        return key.Sign(claims);
    }

    /// <summary>The details of an answer or a token, as JSON; null where there are none.</summary>
    public static string? DetailsOf(JsonElement json) => json.TryGetProperty("authorization_details", out var details) ? details.GetRawText() : null;

    /// <summary>Whether these are the details, in any order of the members.</summary>
    public static void ShouldBe(JsonElement json, params string[] expected) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse($"[{string.Join(',', expected)}]"), JsonNode.Parse(DetailsOf(json) ?? "[]")), json.GetRawText());

    private string Client(string id, string more) => $$"""
        {
          "client_id": "{{id}}", "client_secret": "{{RawRequests.SecretOf(id)}}", "redirect_uris": ["https://{{id}}.example/callback"],
          "grant_types": ["authorization_code", "refresh_token"], "scope": "openid offline_access api.read other.read", "resources": ["https://plain.example"],
          "authorization_details_types": ["payment", "accounts", "folder", "ping"], "jwks": { "keys": [{{key.Jwk().ToJsonString()}}] }{{(more.Length == 0 ? "" : $", {more}")}}
        }
        """;
}
