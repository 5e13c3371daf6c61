using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Party;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Modules;

/// <summary>Modules in which one browser comes twice, or without a session.</summary>
public abstract partial class CommonModules
{
    private static readonly string[] InteractionErrors = ["login_required", "interaction_required", "account_selection_required", "consent_required"];

    [Module("oidcc-prompt-login")]
    public async Task Prompt_login()
    {
        Browser.ClearCookies();
        var client = await ClientAsync();
        var first = await client.LoginAsync();
        await Task.Delay(TimeSpan.FromSeconds(1));
        var second = await client.LoginAsync(("prompt", "login"));
        Assert.Equal(2, Browser.Logins);
        SameSubject(first, second);
        Assert.True(second.IdToken.AuthTime > first.IdToken.AuthTime, "auth_time did not grow");
    }

    [Module("oidcc-prompt-none-not-logged-in")]
    public async Task Prompt_none_not_logged_in()
    {
        Browser.ClearCookies();
        var client = await ClientAsync();
        await client.RefusedAsync(client.Request(("prompt", "none"), ("state", RandomText.LongOf(128))), InteractionErrors);
    }

    [Module("oidcc-prompt-none-logged-in")]
    public async Task Prompt_none_logged_in()
    {
        var client = await ClientAsync();
        await LoginSilentlyAsync(client, await client.LoginAsync(), null);
    }

    [Module("oidcc-id-token-hint")]
    public async Task Id_token_hint()
    {
        var client = await ClientAsync();
        var first = await client.LoginAsync();
        await LoginSilentlyAsync(client, first, (first.Front ?? first.IdToken).Raw);
    }

    [Module("oidcc-max-age-1")]
    public async Task Max_age_1()
    {
        Browser.ClearCookies();
        var client = await ClientAsync();
        var first = await client.LoginAsync();
        await Task.Delay(TimeSpan.FromSeconds(2));
        var second = await client.LoginAsync(("max_age", "1"));
        Assert.Equal(2, Browser.Logins);
        SameSubject(first, second);
        Assert.True(second.IdToken.AuthTime is not null, "There is no auth_time, and max_age was sent");
        Assert.True(second.IdToken.AuthTime > first.IdToken.AuthTime, "auth_time did not grow");
    }

    [Module("oidcc-max-age-10000")]
    public async Task Max_age_10000()
    {
        Browser.ClearCookies();
        var client = await ClientAsync();
        var first = await client.LoginAsync(("max_age", "15000"));
        var second = await client.LoginAsync(("max_age", "10000"));
        Assert.Equal(1, Browser.Logins);
        Assert.NotNull(first.IdToken.AuthTime);
        SameLogin(first, second);
    }

    private async Task LoginSilentlyAsync(RelyingParty client, Login first, string? hint)
    {
        var questions = Browser.Questions;
        var second = await client.LoginAsync(("prompt", "none"), ("id_token_hint", hint));
        Assert.Equal(questions, Browser.Questions);
        SameLogin(first, second);
    }

    private static void SameSubject(Login first, Login second) => Assert.Equal(first.IdToken.Subject, second.IdToken.Subject);

    private static void SameLogin(Login first, Login second)
    {
        SameSubject(first, second);
        Assert.Equal(first.IdToken.AuthTime, second.IdToken.AuthTime);
    }
}
