using System.Diagnostics;
using FunctionsAuth.LocalHost.Cost;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Passkeys;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace FunctionsAuth.Server.Tests;

/// <summary>What the cost model says of each flow is what the server does: requests, table operations, signatures.</summary>
public sealed class CostTests(ITestOutputHelper output)
{
    private const int Times = 20;

    [Fact]
    public async Task The_cost_model_counts_what_the_server_does()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(storage.Setup() with
        {
            Services = services => services.Configure<TestServerOptions>(options => options.PreserveExecutionContext = true),
        });
        var web = new ClientApp(server);
        var service = new ClientApp(server, "service");
        var alice = new Browser(server);
        using var authenticator = new SoftwareAuthenticator();
        var tokens = (await web.LoginAsync("openid offline_access", alice)).ShouldBeOk();
        Dictionary<string, Flow> measured = [];

        await MeasureAsync("login with a password", () => LogInAsync(new Browser(server), web, (browser, page) => browser.LoginAsync(page)));
        await new Browser(server).AddPasskeyAsync(authenticator);
        await MeasureAsync("login with a passkey", () => LogInAsync(new Browser(server), web, (browser, page) => browser.SignInAsync(authenticator, page)));
        await MeasureAsync("login with a session", () => LogInAsync(alice, web, (_, _) => throw new InvalidOperationException("The session was not found")));
        await MeasureAsync("refresh", async () =>
        {
            tokens = (await web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
            return 1;
        });
        await MeasureAsync("client_credentials", async () =>
        {
            (await service.PostAsync("token", [("grant_type", "client_credentials")])).ShouldBeOk();
            return 1;
        });
        await MeasureAsync("userinfo", async () =>
        {
            (await web.UserInfoAsync(tokens.AccessToken)).ShouldBeOk();
            return 1;
        });
        await MeasureAsync("introspection", async () =>
        {
            (await web.IntrospectAsync(tokens.AccessToken)).ShouldBeOk();
            return 1;
        });

        Assert.Equal(
            measured.Values.Select(flow => (flow.Name, flow.Executions, flow.TableOperations, flow.BusiestTable, flow.Signatures)),
            CostModel.Flows.Select(flow => (flow.Name, flow.Executions, flow.TableOperations, flow.BusiestTable, flow.Signatures)));

        async Task MeasureAsync(string name, Func<Task<int>> run)
        {
            await run();
            storage.Script.Arm();
            using var meter = new MeterCounts();
            var executions = await run();
            var listed = storage.Script.Operations.Select(operation => operation.ToString()).ToList();
            var (operations, signatures) = (storage.Script.Operations.Count, meter.Signatures);
            var busiest = storage.Script.Operations.GroupBy(operation => operation.Table).Select(table => table.Count()).DefaultIfEmpty(0).Max();
            using var process = Process.GetCurrentProcess();
            var before = process.TotalProcessorTime;
            for (var i = 0; i < Times; i++)
                await run();
            process.Refresh();
            var milliseconds = (process.TotalProcessorTime - before).TotalMilliseconds / Times;
            measured[name] = new Flow { Name = name, Executions = executions, TableOperations = operations, BusiestTable = busiest, Signatures = signatures };
            // Of client and server together, while other tests may run: what the model says was taken with this test alone.
            output.WriteLine(string.Join(", ", listed));
            output.WriteLine($"{name,-25} {executions} requests, {operations} operations, {signatures} signatures, {milliseconds:0.0} ms of processor time");
        }
    }

    [Fact]
    public void At_a_thousand_logins_and_ten_thousand_tokens_a_second_the_vaults_break_first()
    {
        var load = new Load(1_000, 10_000);
        var factors = new CostFactors();
        var limits = ScaleModel.LimitsOf(load, factors);

        Assert.Equal("the vaults of this server", limits[0].Name);
        Assert.Equal(12_000, limits[0].Needed);
        Assert.Equal(19_000, limits.Single(limit => limit.Name == "a storage account").Needed);
        Assert.All(limits.Zip(limits.Skip(1)), pair => Assert.True(pair.First.Share >= pair.Second.Share));
        Assert.True(limits.Single(limit => limit.Name == "a partition of a table").Share < 0.5);
        Assert.Equal(
            ScaleModel.MoneyOf(load, factors).Sum(one => one.PerMonth) * 2, ScaleModel.MoneyOf(new Load(2_000, 20_000), factors).Sum(one => one.PerMonth), precision: 0);
    }

    [Fact]
    public void With_wrapped_keys_no_vault_is_a_limit_and_passwords_are()
    {
        var factors = new CostFactors();
        factors.Change("wrapped=1");
        var limits = ScaleModel.LimitsOf(new Load(1_000, 10_000), factors);

        Assert.DoesNotContain(limits, limit => limit.Unit == "signatures/s");
        Assert.Equal("the quota of the region", limits[0].Name);

        factors.Change("passkey-share=1");
        Assert.Equal("a storage account", ScaleModel.LimitsOf(new Load(1_000, 10_000), factors)[0].Name);

        factors.Change("session-share=1");
        Assert.Equal("a storage account", ScaleModel.LimitsOf(new Load(1_000, 10_000), factors)[0].Name);
    }

    /// <summary>From the link at the client to its tokens.</summary>
    /// <returns>How many requests it took.</returns>
    private static async Task<int> LogInAsync(Browser browser, ClientApp client, Func<Browser, Answer, Task<Answer>> signIn)
    {
        var count = 1;
        var answer = await browser.GetAsync(new AuthorizationParameters(scope: "openid offline_access").Url);
        while (answer.Location is not { } location || location.StartsWith(RunningServer.Issuer + "/", StringComparison.Ordinal))
        {
            answer = answer.Location is { } next ? await browser.GetAsync(next) : await signIn(browser, answer);
            count++;
        }
        (await client.RedeemAsync(answer.Parameters["code"])).ShouldBeOk();
        return count + 1;
    }
}
