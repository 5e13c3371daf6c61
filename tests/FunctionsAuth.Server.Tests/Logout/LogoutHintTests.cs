using FunctionsAuth.Server.Tests.FrontChannel;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Logout;

/// <summary>OpenID Connect RP-Initiated Logout §2: <c>logout_hint</c>, <c>ui_locales</c>, and requests with next to nothing.</summary>
public sealed class LogoutHintTests(FrontServer shared) : IClassFixture<FrontServer>
{
    private readonly Browser browser = shared.NewBrowser();

    [Theory]
    [InlineData("alice")]
    [InlineData("Alice")]
    [InlineData("alice-subject")]
    [InlineData(null)]
    public async Task A_hint_of_who_is_signed_in_asks_nothing(string? hint)
    {
        var login = await LoginAsync();
        (await browser.LogoutAsync(login, $"&ui_locales=tlh%20en&logout_hint={hint ?? login.Sid()}")).ShouldBeSignedOut();
        Assert.False(await browser.IsSignedInAsync());
    }

    [Theory]
    [InlineData("bob")]
    [InlineData("bob-subject")]
    [InlineData("<script>")]
    [InlineData(null)]
    public async Task A_hint_of_somebody_else_asks_and_is_not_shown(string? hint)
    {
        var login = await LoginAsync();
        var other = (await new ClientApp(shared.Server).LoginAsync("openid", shared.NewBrowser())).ShouldBeOk();
        var page = await browser.LogoutAsync(login, $"&logout_hint={Uri.EscapeDataString(hint ?? other.Sid())}");
        Expect.Form(page, "logout");
        Assert.DoesNotContain(hint ?? other.Sid(), page.Body);
        Assert.True(await browser.IsSignedInAsync());
        (await browser.SubmitAsync(page, ("action", "logout"))).ShouldBeSignedOut();
    }

    [Fact]
    public async Task A_hint_alone_asks()
    {
        await LoginAsync();
        Expect.Form(await browser.GetAsync("logout?logout_hint=alice"), "logout");
        Assert.True(await browser.IsSignedInAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("state=x")]
    [InlineData("ui_locales=tlh")]
    public async Task With_next_to_nothing_there_is_a_page_and_never_a_redirect(string query)
    {
        (await browser.GetAsync($"logout?{query}")).ShouldBeSignedOut();
        await LoginAsync();
        var page = await browser.GetAsync($"logout?{query}");
        Expect.Form(page, "logout");
        (await browser.SubmitAsync(page, ("action", "logout"))).ShouldBeSignedOut();
        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task Every_sign_of_the_state_comes_back_as_it_was()
    {
        const string state = "Aa0!\"#$%&'()*,-./:<=>?@[\\]^_`{|}~";
        var login = await LoginAsync();
        var answer = await browser.LogoutAsync(login, $"&post_logout_redirect_uri=https://web.example/goodbye&state={Uri.EscapeDataString(state)}");
        Assert.Equal(state, Assert.Single(answer.Parameters).Value);
    }

    private async Task<JsonAnswer> LoginAsync() => (await new ClientApp(shared.Server).LoginAsync("openid", browser)).ShouldBeOk();
}
