using System.Net;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

public sealed class LockoutTests : IAsyncLifetime
{
    private const int MaxFailures = 3;
    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan Interval = Duration / MaxFailures;

    private RunningServer server = null!;
    private Browser browser = null!;
    private Answer page = null!;

    public async Task InitializeAsync()
    {
        server = await RunningServer.StartAsync(new ServerSetup
        {
            Settings = new() { ["Lockout:MaxFailures"] = $"{MaxFailures}", ["Lockout:Duration"] = $"{Duration:c}" },
        });
        browser = new Browser(server);
        page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task So_many_wrong_passwords_refuse_the_right_one_with_the_same_page()
    {
        var wrong = await FailAsync(MaxFailures);
        var locked = await browser.LoginAsync(page);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, locked.Status);
        Assert.Equal(wrong.Body, locked.Body);
        Assert.Null(browser.Cookie(BrowserCookieJar.Session));
    }

    [Fact]
    public async Task One_less_does_not()
    {
        await FailAsync(MaxFailures - 1);
        Expect.Code(await browser.LoginAsync(page));
    }

    [Fact]
    public async Task Right_passwords_alone_never_lock_the_account()
    {
        // Many more at once than wrong ones are allowed, and each browser is a new one.
        var answers = await Task.WhenAll(Enumerable.Range(0, 4 * MaxFailures).Select(_ => Task.Run(() => new Browser(server).AuthorizeAsync(new AuthorizationParameters()))));
        Assert.All(answers, answer => Expect.Code(answer));
    }

    [Fact]
    public async Task One_more_try_is_allowed_after_a_while()
    {
        await FailAsync(MaxFailures);
        server.Clock.Advance(Interval - TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.LoginAsync(page)).Status);

        server.Clock.Advance(TimeSpan.FromSeconds(1));
        Expect.Code(await browser.LoginAsync(page));
    }

    [Fact]
    public async Task And_then_it_allows_as_many_tries_as_before()
    {
        await FailAsync(MaxFailures);
        server.Clock.Advance(Duration);
        await FailAsync(MaxFailures - 1);
        Expect.Code(await browser.LoginAsync(page));
    }

    [Fact]
    public async Task Tries_while_it_is_closed_do_not_keep_it_closed()
    {
        await FailAsync(MaxFailures);
        server.Clock.Advance(Interval / 2);
        await FailAsync(MaxFailures);
        server.Clock.Advance(Interval / 2);
        Expect.Code(await browser.LoginAsync(page));
    }

    [Fact]
    public async Task The_right_password_starts_the_count_again()
    {
        for (var i = 0; i < 2; i++)
        {
            await FailAsync(MaxFailures - 1);
            var another = new Browser(server);
            Expect.Code(await another.AuthorizeAsync(new AuthorizationParameters()));
        }
    }

    [Fact]
    public async Task Another_user_is_not_concerned()
    {
        await FailAsync(MaxFailures);
        Expect.Code(await browser.LoginAsync(page, "bob"));
    }

    [Fact]
    public async Task By_name_and_by_email_address_it_is_one_account()
    {
        await FailAsync(MaxFailures, "alice@example.com");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.LoginAsync(page)).Status);
    }

    private async Task<Answer> FailAsync(int times, string username = "alice")
    {
        Answer answer = null!;
        for (var i = 0; i < times; i++)
        {
            answer = await browser.LoginAsync(page, username, "wrong");
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        }
        return answer;
    }
}
