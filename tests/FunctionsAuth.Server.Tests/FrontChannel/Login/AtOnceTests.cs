using System.Net;
using FunctionsAuth.LocalHost.Memory;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>Requests that have all read the same record before the first of them writes it.</summary>
public sealed class AtOnceTests : IAsyncLifetime
{
    private const int MaxFailures = 3;

    private readonly TableScript script = new();
    private RunningServer server = null!;

    public async Task InitializeAsync() => server = await RunningServer.StartAsync(new ServerSetup
    {
        Settings = new() { ["Lockout:MaxFailures"] = $"{MaxFailures}" },
        Tables = clock => new ScriptedTables(new MemoryTableServiceClient(clock), script, ""),
        Services = services => services.Configure<TestServerOptions>(options => options.PreserveExecutionContext = true),
    });

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Sixteen_guesses_are_no_more_than_the_limit()
    {
        // One hashes and 16 wait, whatever the machine has.
        const int guesses = 16;
        var browser = new Browser(server);
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        using var outcomes = new LoginOutcomes();
        var answers = await MeetAsync("Users replace", guesses, i => browser.LoginAsync(page, "alice", $"guess-{i}"));

        // Under such an attack some are told to come again, before their password was looked at.
        var unavailable = answers.Count(answer => answer.Status == HttpStatusCode.ServiceUnavailable);
        Assert.All(answers, answer => Assert.True(answer.Status is HttpStatusCode.UnprocessableEntity or HttpStatusCode.ServiceUnavailable, $"{answer.Status}"));
        Assert.Equal(guesses, outcomes.Of("wrong") + outcomes.Of("throttled") + unavailable);
        Assert.InRange(outcomes.Of("wrong"), 1, MaxFailures);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.LoginAsync(page)).Status);
    }

    [Fact]
    public async Task A_button_that_is_pressed_twice_is_as_good_as_pressed_once()
    {
        // The browser shows the answer to the last press: it must not be an error.
        var browser = await server.SignedInAsync("alice");
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters("third-party", "https://third.example/callback").Url));
        Expect.Form(page, "consent");
        var answers = await MeetAsync("Requests replace", 8, _ => browser.SubmitAsync(page, ("action", "allow")));

        var codes = answers.Select(answer => Expect.Code(answer, "https://third.example/callback")).ToList();
        Assert.Equal(codes.Count, codes.Distinct().Count());
        Assert.Equal(200, (await new ClientApp(server, "third-party").RedeemAsync(codes[^1])).Status);
    }

    [Fact]
    public async Task Of_several_browsers_one_is_the_first()
    {
        var answer = await new Browser(server).PostFromAnotherSiteAsync(server, "authorize", new AuthorizationParameters().All);
        var pages = await MeetAsync("Requests replace", 8, _ => new Browser(server).GetAsync(answer.Location!));
        Expect.Form(Assert.Single(pages, page => page.Status == HttpStatusCode.OK), "login");
    }

    private async Task<Answer[]> MeetAsync(string operation, int count, Func<int, Task<Answer>> send)
    {
        var meeting = new Rendezvous([.. Enumerable.Repeat(operation, count)]);
        script.Meeting = meeting;
        var answers = await Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Run(() => send(i))));
        Assert.True(meeting.IsComplete, meeting.Missing);
        script.Meeting = null;
        return answers;
    }
}
