using System.Text.Json.Nodes;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Register;

namespace FunctionsAuth.Server.Tests.Upgrades;

/// <summary>Clients that registered themselves, what lets others do it, and what clients push and prove.</summary>
internal sealed class LifeOfClients(RunningServer server, Kept kept)
{
    public const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private readonly Registrar registrar = new(server);

    public async Task BeginAsync()
    {
        Keep("registered", await registrar.RegisterOkAsync(("client_name", "Registered")));
        await ChangeAsync();
        kept["initial token"] = await registrar.NewTokenAsync();
        var token = await registrar.NewTokenAsync(uses: 2);
        Assert.Equal(201, (await registrar.RegisterAsync(token: token)).Status);
        kept["initial token of two"] = token;
    }

    public async Task EndAsync()
    {
        kept["pushed"] = await PushAsync("web");
        var uri = await PushAsync("spa");
        var answer = await new Browser(server).AuthorizeAsync(new AuthorizationParameters("spa").With("request_uri", uri));
        Assert.True(answer.Parameters.ContainsKey("code"), answer.Body);
        kept["pushed and answered"] = uri;
        await AssertAsync();
    }

    private async Task ChangeAsync()
    {
        var client = await registrar.RegisterOkAsync(("client_name", "Before"));
        (await registrar.LoginAsync(client["client_id"]!, client["client_secret"])).ShouldBeOk();
        var changed = (await registrar.PutAsync(client, Registrar.Metadata(("client_name", "Changed")))).ShouldBeOk();
        kept["changed.id"] = client["client_id"]!;
        kept["changed.secret"] = client["client_secret"]!;
        kept["changed.uri"] = client["registration_client_uri"]!;
        kept["changed.token"] = changed["registration_access_token"] ?? Registrar.TokenOf(client);
    }

    private void Keep(string name, JsonAnswer client)
    {
        kept[$"{name}.id"] = client["client_id"]!;
        kept[$"{name}.secret"] = client["client_secret"]!;
        kept[$"{name}.uri"] = client["registration_client_uri"]!;
        kept[$"{name}.token"] = Registrar.TokenOf(client);
    }

    private async Task<string> PushAsync(string clientId)
    {
        var answer = await new ClientApp(server, clientId).PostAsync("par", new AuthorizationParameters(clientId).All.Select(pair => (pair.Key, (string?)pair.Value)));
        return answer["request_uri"]!;
    }

    /// <summary>A client proves itself by a JWT, which is good once.</summary>
    private async Task AssertAsync()
    {
        var key = new ClientKey();
        await LocalServer.ImportAsync(server.Services, new JsonObject
        {
            ["clients"] = new JsonArray(new JsonObject
            {
                ["client_id"] = "proves",
                ["token_endpoint_auth_method"] = "private_key_jwt",
                ["grant_types"] = new JsonArray("client_credentials"),
                ["scope"] = "api.read",
                ["jwks"] = new JsonObject { ["keys"] = new JsonArray(key.Jwk()) },
            }),
        }.ToJsonString());
        var assertion = key.Sign(new JsonObject
        {
            ["iss"] = "proves",
            ["sub"] = "proves",
            ["aud"] = RunningServer.Issuer,
            ["exp"] = server.Clock.GetUtcNow().ToUnixTimeSeconds() + 600,
            ["jti"] = "used",
        });
        (await ProveAsync(server, assertion)).ShouldBeOk();
        kept["assertion"] = assertion;
    }

    public static async Task<JsonAnswer> ProveAsync(RunningServer server, string assertion) => await JsonAnswer.ReadAsync(await server.Http.PostAsync("token", new FormUrlEncodedContent(
        new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_assertion_type"] = AssertionType, ["client_assertion"] = assertion })));
}
