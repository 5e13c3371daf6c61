using FunctionsAuth.Server.Tests.Harness;
using Xunit.Abstractions;

namespace FunctionsAuth.Server.Tests.Storage;

/// <summary>
/// Each operation of each flow fails once, in each way: refused or timed out, before it was applied or after. The client
/// is told to try again or sees nothing of it; no code and no refresh token is lost, and none works twice.
/// <para>
/// What can't be promised: when a write was applied, its answer is lost, and storage is gone for the read that would tell
/// who won, too, the client gets 503, and its retry is a second use. Then the grant is revoked: safe, and the user signs
/// in again. See <see cref="A_write_whose_outcome_nobody_can_read_is_never_good_for_two"/>.
/// </para>
/// </summary>
public sealed class FaultTests(ITestOutputHelper output)
{
    private static readonly TimeSpan LongIdle = TimeSpan.FromMinutes(45);

    // Clients and scopes are read by each request: they may fail, too.
    private static readonly (string, string)[] Cold =
        [("CacheFor", "00:00:00"), ("Lifetimes:RefreshTokenGrace", "00:00:00"), ("Lifetimes:Session", "30.00:00:00")];

    public static TheoryData<string> Flows =>
    [
        "authorize", "redeem", "refresh", "refresh with session", "refresh that touches its session", "revoke", "reuse",
        "userinfo", "introspect access token", "introspect refresh token", "consent",
    ];

    [Theory]
    [MemberData(nameof(Flows))]
    public async Task Any_operation_may_fail_in_any_way(string flow)
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(storage.Setup(Cold));
        var alice = new Browser(server);
        await alice.CodeAsync(new ClientApp(server), "web", "openid offline_access");
        await ShouldSurviveAsync(storage, Fault.Kinds, () => Create(flow, server, storage, alice));
    }

    [Fact]
    public async Task A_login_survives_any_failure()
    {
        // With clients and scopes in the cache: each login costs a password hash.
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(storage.Setup(("Lockout:MaxFailures", "100"), ("Lifetimes:RefreshTokenGrace", "00:00:00")));
        await new Browser(server).CodeAsync(new ClientApp(server), "web", "openid offline_access");
        var kinds = Fault.Kinds.Where(fault => fault.Kind is not (FaultKind.Status503 or FaultKind.Timeout));
        await ShouldSurviveAsync(storage, kinds, () => new LoginFlow(server, storage));
    }

    [Theory]
    [InlineData("redeem", "Grants replace")]
    [InlineData("refresh", "Grants replace")]
    public async Task A_write_whose_outcome_nobody_can_read_is_never_good_for_two(string flow, string write)
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(storage.Setup(("Lifetimes:RefreshTokenGrace", "00:00:00")));
        var web = new ClientApp(server);
        var code = await new Browser(server).CodeAsync(web, "web", "openid offline_access");
        var tokens = flow == "redeem" ? null : (await web.RedeemAsync(code)).ShouldBeOk();

        // The write is applied, and storage is gone from then on.
        storage.Script.Outage = write;
        var answer = tokens is null ? await web.RedeemAsync(code) : await web.RefreshAsync(tokens.RefreshToken);
        answer.ShouldBeUnavailable();
        storage.Script.Outage = null;

        // The successor never reached anybody, so nothing of the family may live after the second use.
        (tokens is null ? await web.RedeemAsync(code) : await web.RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
        if (tokens is not null)
            await web.ShouldBeRevokedAsync(tokens);
        // A new authorization works at once.
        (await web.LoginAsync()).ShouldBeOk();
    }

    [Fact]
    public async Task A_page_is_a_busy_page_while_storage_is_down()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(storage.Setup());
        var browser = new Browser(server);
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        var url = page.Response.RequestMessage!.RequestUri!.ToString();
        storage.Script.Arm(new Fault(FaultKind.Timeout, false, 0));
        var busy = await browser.GetAsync(url);
        Assert.Equal(503, (int)busy.Status);
        Assert.NotNull(busy.Response.Headers.RetryAfter);
        Assert.Contains("busy", busy.Body, StringComparison.OrdinalIgnoreCase);
        Assert.True((await browser.GetAsync(url)).HasForm("login"));
    }

    internal static FaultFlow Create(string flow, RunningServer server, TestStorage storage, Browser alice) => flow switch
    {
        "authorize" => new AuthorizeFlow(server, storage, alice),
        "redeem" => new RedeemFlow(server, storage, alice),
        "refresh" => new RefreshFlow(server, storage, alice, "openid offline_access", TimeSpan.Zero),
        "refresh with session" => new RefreshFlow(server, storage, alice, "openid", TimeSpan.Zero),
        "refresh that touches its session" => new RefreshFlow(server, storage, alice, "openid", LongIdle),
        "revoke" => new RevokeFlow(server, storage, alice),
        "reuse" => new ReuseFlow(server, storage, alice),
        "userinfo" => new ReadingFlow(server, storage, alice, (web, tokens) => web.UserInfoAsync(tokens.AccessToken)),
        "introspect access token" => new ReadingFlow(server, storage, alice, (web, tokens) => web.IntrospectAsync(tokens.AccessToken)),
        "introspect refresh token" => new ReadingFlow(server, storage, alice, (web, tokens) => web.IntrospectAsync(tokens.RefreshToken)),
        "login" => new LoginFlow(server, storage),
        "consent" => new ConsentFlow(server, storage, alice),
        _ => throw new ArgumentException(flow),
    };

    private async Task ShouldSurviveAsync(TestStorage storage, IEnumerable<(FaultKind Kind, bool Applied)> kinds, Func<FaultFlow> create)
    {
        var operations = await OperationsAsync(storage, create());
        output.WriteLine(string.Join(", ", operations));
        List<string> problems = [];
        foreach (var (kind, applied) in kinds)
        {
            for (var at = 0; at < operations.Count; at++)
            {
                try
                {
                    await ShouldSurviveAsync(storage, new Fault(kind, applied, at), create());
                }
                catch (Exception e)
                {
                    problems.Add($"{kind} {(applied ? "after" : "before")} {at} {operations[at]}: {Brief(e.Message)}");
                }
            }
        }
        Assert.True(problems.Count == 0, string.Join(Environment.NewLine, problems));
    }

    private static string Brief(string message) => message.Length <= 200 ? message : message[..200] + "...";

    private static async Task<IReadOnlyList<TableOperation>> OperationsAsync(TestStorage storage, FaultFlow flow)
    {
        await flow.PrepareAsync();
        storage.Script.Arm();
        await flow.RunAsync();
        return [.. storage.Script.Operations];
    }

    private static async Task ShouldSurviveAsync(TestStorage storage, Fault fault, FaultFlow flow)
    {
        storage.Script.Arm();
        await flow.PrepareAsync();
        storage.Script.Arm(fault);
        var succeeded = await flow.RunAsync();
        storage.Script.Arm();
        await flow.FinishAsync(succeeded);
    }
}
