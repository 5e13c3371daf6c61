using FunctionsAuth.Functions;
using FunctionsAuth.Protocol.Prune;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Server.Tests.Register;

/// <summary>Who may register: by token, without one, or nobody; and never more than allowed.</summary>
public sealed class InitialAccessTests
{
    private const int Many = 30;
    private const int Limit = 7;

    [Fact]
    public async Task Without_any_setting_a_token_is_needed_and_good_for_one_client()
    {
        await using var server = await RunningServer.StartAsync();
        var registrar = new Registrar(server);
        Assert.Equal("Bearer realm=\"register\"", (await registrar.RegisterAsync()).ShouldFail("invalid_request", 401).ChallengeOf());
        var token = await registrar.NewTokenAsync();
        // A mistake uses nothing up.
        (await registrar.RegisterAsync(Registrar.Metadata(("redirect_uris", null)), token)).ShouldFail("invalid_redirect_uri");
        Assert.Equal(201, (await registrar.RegisterAsync(token: token)).Status);
        Assert.StartsWith("Bearer realm=\"register\", error=\"invalid_token\"", (await registrar.RegisterAsync(token: token)).ShouldFail("invalid_token", 401).ChallengeOf(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_forged_expired_or_revoked_is_refused_before_anything_is_read()
    {
        await using var server = await RunningServer.StartAsync();
        var registrar = new Registrar(server);
        var token = await registrar.NewTokenAsync(5, TimeSpan.FromHours(1));
        Assert.True(InitialAccessToken.TryParse(token, out var parsed));
        var forged = (parsed with { Secret = FunctionsAuth.Protocol.Storage.Handle.NewSecret() }).Encode();
        string[] wrong = [forged, token + "A", token[..^1], "", "x"];
        foreach (var one in wrong)
            (await registrar.RegisterAsync(new(), one)).ShouldFail("invalid_token", 401);
        (await server.PostAsync("register", "{}", RawRequests.Basic("web", "secret"), "application/json")).ShouldFail("invalid_token", 401);
        Assert.Equal(201, (await registrar.RegisterAsync(token: token)).Status);
        server.Clock.Advance(TimeSpan.FromHours(1));
        (await registrar.RegisterAsync(token: token)).ShouldFail("invalid_token", 401);

        var other = await registrar.NewTokenAsync(5);
        Assert.True(InitialAccessToken.TryParse(other, out parsed));
        await server.Get<IInitialAccessStore>().DeleteAsync(parsed.Address, default);
        (await registrar.RegisterAsync(token: other)).ShouldFail("invalid_token", 401);
        Assert.All(server.Log.Lines, line => Assert.DoesNotContain(token, line, StringComparison.Ordinal));
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Many_at_once_with_one_token_are_never_more_than_its_limit(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var one = await RunningServer.StartAsync(storage.Setup());
        await using var two = await RunningServer.StartAsync(storage.Setup());
        var token = await new Registrar(one).NewTokenAsync(Limit);
        var before = await storage.CountAsync("Clients");
        var answers = await AtOnceAsync(storage, i => new Registrar(i % 2 == 0 ? one : two).RegisterAsync(token: token), "replace");
        Assert.Equal(Limit, answers.Count(answer => answer.Status == 201));
        Assert.All(answers.Where(answer => answer.Status != 201), answer => answer.ShouldFail("invalid_token", 401));
        Assert.Equal(before + Limit, await storage.CountAsync("Clients"));
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Many_at_once_without_a_token_are_never_more_than_the_limit_of_the_hour(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var server = await RunningServer.StartAsync(Registrar.OpenTo(storage, ("Registration:OpenLimitPerHour", $"{Limit}")));
        var answers = await AtOnceAsync(storage, _ => new Registrar(server).RegisterAsync(), "insert");
        Assert.Equal(Limit, answers.Count(answer => answer.Status == 201));
        Assert.All(answers.Where(answer => answer.Status != 201), answer =>
        {
            answer.ShouldFail("temporarily_unavailable", 429);
            Assert.Equal(TimeSpan.FromHours(1), answer.Response.Headers.RetryAfter?.Delta);
        });
    }

    [Fact]
    public async Task The_next_hour_has_its_own_limit_and_a_token_is_no_part_of_it()
    {
        await using var server = await RunningServer.StartAsync(new ServerSetup { Settings = new(Registrar.OpenMode) { ["Registration:OpenLimitPerHour"] = "1" } });
        var registrar = new Registrar(server);
        server.Clock.Advance(TimeSpan.FromMinutes(50));
        await registrar.RegisterOkAsync();
        Assert.Equal(TimeSpan.FromMinutes(10), (await registrar.RegisterAsync()).ShouldFail("temporarily_unavailable", 429).Response.Headers.RetryAfter?.Delta);
        Assert.Equal(201, (await registrar.RegisterAsync(token: await registrar.NewTokenAsync())).Status);
        (await registrar.RegisterAsync(token: "wrong")).ShouldFail("invalid_token", 401);
        server.Clock.Advance(TimeSpan.FromMinutes(10));
        await registrar.RegisterOkAsync();
    }

    [Fact]
    public async Task When_it_is_off_there_is_no_such_endpoint()
    {
        await using var server = await RunningServer.StartAsync(new ServerSetup { Settings = new() { ["Registration:Mode"] = "off" } });
        Assert.Equal(404, (int)(await server.Http.PostAsync("register", null)).StatusCode);
        Assert.Equal(404, (int)(await server.Http.GetAsync("register/web")).StatusCode);
        var metadata = await JsonAnswer.ReadAsync(await server.Http.GetAsync(".well-known/openid-configuration"));
        Assert.Null(metadata["registration_endpoint"]);
    }

    [Fact]
    public async Task The_metadata_says_where_to_register()
    {
        await using var server = await RunningServer.StartAsync();
        var metadata = await JsonAnswer.ReadAsync(await server.Http.GetAsync(".well-known/openid-configuration"));
        Assert.Equal($"{RunningServer.Issuer}/register", metadata["registration_endpoint"]);
        Assert.Null(metadata["client_id_metadata_document_supported"]);
    }

    [Fact]
    public async Task A_registration_that_fails_gives_its_use_back()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(storage.Setup());
        var registrar = new Registrar(server);
        Assert.Equal(201, (await registrar.RegisterAsync(token: await registrar.NewTokenAsync())).Status);
        var token = await registrar.NewTokenAsync();
        // Read of the token, its use, the note on the end beside the audit, the client: each of them can fail.
        for (var at = 0; at < 5; at++)
        {
            storage.Script.Arm(new Fault(FaultKind.Status503, false, at));
            (await registrar.RegisterAsync(token: token)).ShouldBeUnavailable();
        }
        storage.Script.Arm();
        Assert.Equal(201, (await registrar.RegisterAsync(token: token)).Status);
        Assert.Equal(["RegistrationTokens read", "RegistrationTokens replace", "ClientEnds insert", "Audit insert", "Clients insert"], storage.Script.Operations.Select(operation => operation.ToString()));
    }

    [Fact]
    public async Task Prune_removes_tokens_and_hours_that_are_over()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(Registrar.OpenTo(storage));
        var registrar = new Registrar(server);
        await registrar.NewTokenAsync(life: TimeSpan.FromHours(5));
        await registrar.RegisterOkAsync();
        Assert.Equal(2, await storage.CountAsync("RegistrationTokens"));
        server.Clock.Advance(TimeSpan.FromHours(2));
        await PruneAsync(server);
        Assert.Equal(1, await storage.CountAsync("RegistrationTokens"));
        server.Clock.Advance(TimeSpan.FromHours(5));
        await PruneAsync(server);
        Assert.Equal(0, await storage.CountAsync("RegistrationTokens"));
    }

    internal static Task PruneAsync(RunningServer server) => new PruneFunction(server.Get<Pruner>()).Run(new TimerInfo(), CancellationToken.None);

    /// <summary>All have read before the first one writes.</summary>
    private static async Task<JsonAnswer[]> AtOnceAsync(TestStorage storage, Func<int, Task<JsonAnswer>> send, string write)
    {
        storage.Script.Meeting = new Rendezvous([.. Enumerable.Repeat($"RegistrationTokens {write}", Many)]);
        var answers = await Task.WhenAll(Enumerable.Range(0, Many).Select(i => Task.Run(() => send(i))));
        Assert.True(storage.Script.Meeting.IsComplete, $"{storage.Script.Meeting.Missing} did not come");
        storage.Script.Meeting = null;
        return answers;
    }
}
