using FunctionsAuth.Functions;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>A remembered session outlives the key that signed its ID token: such a hint can't be verified any more.</summary>
public sealed class RetiredKeyTests : IAsyncLifetime
{
    private const string Goodbye = "https://web.example/goodbye";
    private static readonly TimeSpan RotateEvery = TimeSpan.FromHours(4);

    private RunningServer server = null!;
    private Browser browser = null!;
    private string hint = null!;

    public async Task InitializeAsync()
    {
        server = await RunningServer.StartAsync(new ServerSetup
        {
            Settings = new()
            {
                ["Keys:RotateEvery"] = $"{RotateEvery:c}",
                ["Keys:Announce"] = "02:00:00",
                ["Lifetimes:LongestToken"] = "01:00:00",
            },
        });
        browser = new Browser(server);
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        var code = Expect.Code(await browser.FollowAsync(await browser.LoginAsync(page, remember: true)));
        hint = (await new ClientApp(server).RedeemAsync(code)).ShouldBeOk().IdToken;

        await RolloverAsync(RotateEvery);
        await RolloverAsync(TimeSpan.FromHours(2));
        await RolloverAsync(TimeSpan.FromMinutes(70));
        Assert.False((await PublishedKeys.ReadAsync(server)).Verify(hint));
        Expect.Code(await browser.GetAsync(Silent().Url));
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Logout_with_its_hint_asks_and_ends_the_session()
    {
        var page = await browser.GetAsync($"logout?id_token_hint={hint}");
        Expect.Form(page, "logout");
        Expect.Code(await browser.GetAsync(Silent().Url));
        Assert.Contains("You are signed out", (await browser.SubmitAsync(page, ("action", "logout"))).Text());
        Expect.Error(await browser.GetAsync(Silent().Url), "login_required");
    }

    [Fact]
    public async Task With_the_client_named_beside_it_the_person_is_sent_back()
    {
        var page = await browser.GetAsync($"logout?id_token_hint={hint}&client_id=web&post_logout_redirect_uri={Uri.EscapeDataString(Goodbye)}&state=x");
        Expect.Form(page, "logout");
        Assert.Equal($"{Goodbye}?state=x", (await browser.SubmitAsync(page, ("action", "logout"))).Location);
    }

    [Fact]
    public async Task Silent_renewal_with_its_hint_is_told_that_login_is_required() =>
        Expect.Error(await browser.GetAsync(Silent().With("id_token_hint", hint).Url), "login_required");

    [Fact]
    public async Task A_hint_under_the_new_key_is_good_again()
    {
        var fresh = (await new ClientApp(server).RedeemAsync(Expect.Code(await browser.GetAsync(Silent().Url)))).ShouldBeOk().IdToken;
        Expect.Code(await browser.GetAsync(Silent().With("id_token_hint", fresh).Url));
        Assert.Contains("You are signed out", (await browser.GetAsync($"logout?id_token_hint={fresh}")).Text());
    }

    private static AuthorizationParameters Silent() => new AuthorizationParameters().With("prompt", "none");

    private async Task RolloverAsync(TimeSpan after)
    {
        server.Clock.Advance(after);
        await new KeyRolloverFunction(server.Get<KeyRollover>()).Run(new TimerInfo(), CancellationToken.None);
    }
}
