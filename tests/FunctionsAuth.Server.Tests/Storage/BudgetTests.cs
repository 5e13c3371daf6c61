using System.Text;
using Azure.Core;
using Azure.Security.KeyVault.Keys;
using FunctionsAuth.Azure.KeyVault.Local;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Logout;
using FunctionsAuth.Server.Tests.Register;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace FunctionsAuth.Server.Tests.Storage;

/// <summary>
/// What each flow may cost, with clients and scopes in the cache: the table of docs/storage.md. Operations are counted where
/// they leave the server (in memory by the tables, on Azurite by the client pipeline) and must agree with the meter.
/// </summary>
public sealed class BudgetTests(ITestOutputHelper output)
{
    private static readonly Lock Writing = new();
    private static readonly SortedDictionary<string, string> Sections = [];

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Every_flow_keeps_its_budget(BackEnd backEnd)
    {
        var requests = new CountingPolicy();
        var options = TestStorage.Options();
        options.AddPolicy(requests, HttpPipelinePosition.PerRetry);
        var storage = new TestStorage(backEnd, options);
        await using var server = await RunningServer.StartAsync(Measured(storage, null, ("Fetch:TrustedHosts:0", "127.0.0.1")));
        await LocalServer.ImportAsync(server.Services, $$"""
            { "authorization_details_types": [{ "type": "ping", "title": "To know that you are there" }],
              "clients": [{ "client_id": "detailed", "client_secret": "{{RawRequests.SecretOf("detailed")}}", "redirect_uris": ["https://detailed.example/callback"],
                "grant_types": ["authorization_code", "refresh_token"], "scope": "openid offline_access", "first_party": true, "authorization_details_types": ["ping"] }] }
            """);
        var web = new ClientApp(server);
        var alice = new Browser(server);
        var tokens = (await web.LoginAsync("openid offline_access", alice)).ShouldBeOk();
        var bound = (await web.RedeemAsync(await alice.CodeAsync(web, "web", "openid"))).ShouldBeOk();
        var forApi = (await web.RedeemAsync(await alice.CodeAsync(web, "web", "openid api.read"))).ShouldBeOk().AccessToken;
        var jarm = (await server.Get<IClientStore>().FindAsync("web", default))! with { ClientId = "jarm", AuthorizationSignedResponseAlg = "ES256" };
        await server.RegisterAsync(jarm);
        List<Measurement> table = [];

        var service = new ClientApp(server, "service");
        await Measure("client_credentials", 0, 0, 1, () => Ok(service.PostAsync("token", [("grant_type", "client_credentials")])), warm: true);
        var code = "";
        await Measure("authorize, session and consent present", 3, 1, 0, async () => code = await alice.CodeAsync(web, "web", "openid offline_access"));
        await Measure("authorize, answered with a JWT", 3, 1, 1, async () => _ = await alice.AuthorizeAsync(new AuthorizationParameters("jarm", jarm.RedirectUris[0]).With("response_mode", "jwt")), warm: true);
        await Measure("token, authorization_code", 3, 1, 2, async () => tokens = (await web.RedeemAsync(code)).ShouldBeOk());
        await Measure("token, refresh_token", 3, 1, 2, async () => tokens = (await web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk());
        await Measure("token, refresh_token bound to its session", 4, 1, 2, async () => bound = (await web.RefreshAsync(bound.RefreshToken)).ShouldBeOk());
        (string, string?) narrow = ("scope", "offline_access");
        await Measure("token, refresh_token without an ID token", 3, 1, 1, async () => tokens = (await web.RefreshAsync(tokens.RefreshToken, narrow)).ShouldBeOk());
        var before = tokens.RefreshToken;
        tokens = (await web.RefreshAsync(before)).ShouldBeOk();
        await Measure("token, refresh_token again within the grace window", 4, 0, 2, () => Ok(web.RefreshAsync(before)));
        code = await alice.CodeAsync(web, "web", "openid profile email offline_access");
        await Measure("token, authorization_code, with claims in the ID token", 3, 1, 2, async () => tokens = (await web.RedeemAsync(code)).ShouldBeOk());
        await Measure("userinfo", 3, 0, 0, () => Ok(web.UserInfoAsync(tokens.AccessToken)));
        await Measure("introspection of an access token", 3, 0, 0, () => Ok(web.IntrospectAsync(tokens.AccessToken)));
        await Measure("introspection of an access token, answered with a JWT", 3, 0, 1, () => new ClientApp(server, "api").SignedIntrospectionAsync(forApi), warm: true);
        await Measure("introspection of a refresh token", 3, 0, 0, () => Ok(web.IntrospectAsync(tokens.RefreshToken)));
        await Measure("revocation", 1, 3, 0, () => Ok(web.RevokeAsync(tokens.RefreshToken)));

        var registrar = new Registrar(server);
        var initial = await registrar.NewTokenAsync(uses: 2);
        JsonAnswer client = null!;
        await Measure("registration with an initial access token", 1, 4, 0, async () => client = await registrar.RegisterAsync(token: initial), warm: true);
        await Measure("read of a registration", 1, 0, 0, () => Ok(registrar.GetAsync(client)));
        await Measure("change of a registration", 1, 2, 0, async () => client = (await registrar.PutAsync(client, Registrar.Metadata())).ShouldBeOk());
        await Measure("deletion of a registration", 1, 2, 0, async () => (await registrar.DeleteAsync(client)).ShouldBeGone());

        var detailed = new ClientApp(server, "detailed");
        (await detailed.RedeemAsync(await DetailedCodeAsync())).ShouldBeOk();
        await Measure("authorize with details, session and consent present", 3, 1, 0, async () => code = await DetailedCodeAsync());
        await Measure("token, authorization_code, with details", 3, 1, 2, async () => tokens = (await detailed.RedeemAsync(code)).ShouldBeOk());
        Assert.Equal("""[{"type":"ping"}]""", tokens["authorization_details"]);
        await Measure("token, refresh_token, with details", 3, 1, 2, async () => tokens = (await detailed.RefreshAsync(tokens.RefreshToken)).ShouldBeOk());
        await Measure("introspection of an access token, with details", 3, 0, 0, () => Ok(detailed.IntrospectAsync(tokens.AccessToken)));

        var pushed = "";
        await Measure("pushed authorization request", 0, 1, 0, async () => pushed = (await web.PostAsync("par", Pushed()))["request_uri"]!);
        var link = new AuthorizationParameters().With("request_uri", pushed);
        await Measure("authorize a pushed request, session and consent present", 5, 2, 0, async () => code = (await alice.AuthorizeAsync(link)).Parameters["code"]);
        var reference = new ClientApp(server, "reference");
        tokens = (await reference.LoginAsync("openid offline_access", alice)).ShouldBeOk();
        code = await alice.CodeAsync(reference, "reference", "openid offline_access");
        await Measure("token, authorization_code, with a reference token", 3, 2, 1, async () => tokens = (await reference.RedeemAsync(code)).ShouldBeOk());
        await Measure("userinfo with a reference token", 4, 0, 0, () => Ok(reference.UserInfoAsync(tokens.AccessToken)));
        await Measure("introspection of a reference token", 4, 0, 0, () => Ok(reference.IntrospectAsync(tokens.AccessToken)));
        var pairwise = new ClientApp(server, "pairwise");
        tokens = (await pairwise.LoginAsync("openid offline_access", alice)).ShouldBeOk();
        await Measure("userinfo of a pairwise client", 3, 0, 0, () => Ok(pairwise.UserInfoAsync(tokens.AccessToken)));

        await MeasureLogoutAsync();

        Report(backEnd, table);
        Assert.All(table, row => Assert.True(row.IsWithin, $"{row.Flow}: {row.Operations}, {row.Signatures} signatures"));

        Task<string> DetailedCodeAsync() => alice.CodeAsync(detailed, "detailed", "openid offline_access", request => request.With("authorization_details", """[{"type":"ping"}]"""));

        async Task MeasureLogoutAsync()
        {
            await Measure("logout", 2, 3, 0, () => EndAsync(bound));
            await using var host = await ClientHost.StartAsync();
            host.Serve("/logout", "");
            await server.RegisterAsync(LogoutScene.NewClient("told") with { BackchannelLogoutUri = new Uri(host.Url, "/logout") });
            var told = new ClientApp(server, "told");
            await told.LoginAsync("openid", alice);
            await Measure("authorize, for a client that hears of logout", 3, 2, 0, async () => code = await alice.CodeAsync(told, "told", "openid"));
            tokens = (await told.RedeemAsync(code)).ShouldBeOk();
            await Measure("logout, with such a client", 2, 3, 1, () => EndAsync(tokens));
            Assert.Equal(1, host.RequestsFor("/logout"));
        }

        async Task EndAsync(JsonAnswer login) => Assert.Contains("You are signed out", (await alice.GetAsync($"logout?id_token_hint={login.IdToken}")).Body);

        async Task Measure(string flow, int reads, int writes, int signatures, Func<Task> run, bool warm = false)
        {
            if (warm)
                await run();
            storage.Script.Arm();
            requests.Clear();
            using var meter = new MeterCounts();
            await run();
            Assert.Equal(storage.Script.Operations.Select(operation => operation.ToString()).Order(), meter.StorageOperations.Order());
            if (backEnd == BackEnd.Azurite)
                Assert.Equal(storage.Script.Operations.Count, requests.Requests.Count);
            table.Add(new Measurement(flow, [.. storage.Script.Operations], meter.Signatures, reads, writes, signatures));
        }
    }

    private static IEnumerable<(string Name, string? Value)> Pushed() => new AuthorizationParameters().All.Select(pair => (pair.Key, (string?)pair.Value));

    [Fact]
    public async Task A_second_instance_costs_the_same_once_its_cache_is_warm()
    {
        var storage = new TestStorage(BackEnd.Memory);
        var keys = new LocalKeyClient(null, new TestClock());
        await using var one = await RunningServer.StartAsync(Measured(storage, keys));
        await using var two = await RunningServer.StartAsync(Measured(storage, keys));
        var tokens = (await new ClientApp(one).LoginAsync()).ShouldBeOk();
        tokens = (await new ClientApp(two).RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        storage.Script.Arm();
        (await new ClientApp(two).RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        Assert.Equal(4, storage.Script.Operations.Count);
    }

    [Fact]
    public async Task Unknown_clients_cost_one_read_each_and_a_few_events()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(storage.Setup());
        storage.Script.Arm();
        for (var i = 0; i < 50; i++)
            (await server.PostAsync("token", "grant_type=client_credentials&client_id=flood")).ShouldFail("invalid_client", 401);
        for (var i = 0; i < 50; i++)
            (await server.PostAsync("token", "grant_type=client_credentials&client_id=no%2Fid")).ShouldFail("invalid_client", 401);
        Assert.Single(storage.Script.Operations, operation => operation.Kind == "read");
        // Of failures so many are written down at once, and then one a second.
        Assert.Equal(60, storage.Script.Operations.Count(operation => operation.ToString() == "Audit insert"));
        Assert.Equal(61, storage.Script.Operations.Count);
    }

    private static async Task Ok(Task<JsonAnswer> answer) => (await answer).ShouldBeOk();

    private static ServerSetup Measured(TestStorage storage, KeyClient? keys = null, params (string Name, string Value)[] settings) => storage.Setup(settings) with
    {
        Services = services =>
        {
            services.Configure<TestServerOptions>(options => options.PreserveExecutionContext = true);
            if (keys is not null)
                services.AddSingleton(keys);
        },
    };

    private void Report(BackEnd backEnd, List<Measurement> table)
    {
        var text = new StringBuilder($"Storage operations and signatures on {(backEnd == BackEnd.Memory ? "tables in memory" : "Azurite")}\n\n");
        text.AppendLine($"{"flow",-52} {"reads",6} {"budget",7} {"writes",7} {"budget",7} {"signatures",11} {"budget",7}  operations");
        foreach (var row in table)
        {
            text.Append($"{row.Flow,-52} {row.Reads,6} {row.ReadBudget,7} {row.Writes,7} {row.WriteBudget,7} {row.Signatures,11} {row.SignatureBudget,7}  ");
            text.AppendLine(row.All.Count == 0 ? "none" : string.Join(", ", row.All));
        }
        output.WriteLine(text.ToString());
        lock (Writing)
        {
            Sections[backEnd.ToString()] = text.ToString();
            var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "..", "TestResults"));
            File.WriteAllText(Path.Combine(folder.FullName, "storage-budgets.txt"), string.Join('\n', Sections.Values.Reverse()));
        }
    }

    private sealed record Measurement(string Flow, IReadOnlyList<TableOperation> All, int Signatures, int ReadBudget, int WriteBudget, int SignatureBudget)
    {
        public int Reads => All.Count(operation => operation.Kind is "read" or "query");

        public int Writes => All.Count - Reads;

        public string Operations => $"{Reads} reads and {Writes} writes ({string.Join(", ", All)})";

        public bool IsWithin => Reads == ReadBudget && Writes == WriteBudget && Signatures == SignatureBudget;
    }
}
