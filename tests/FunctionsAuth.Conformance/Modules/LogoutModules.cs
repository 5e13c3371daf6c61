using FunctionsAuth.Conformance.Checks;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Party;

namespace FunctionsAuth.Conformance.Modules;

/// <summary>A person who is signed in, and a client that sends the browser to the end session endpoint.</summary>
public abstract class LogoutModules : Module
{
    private static readonly string[] InteractionErrors = ["login_required", "interaction_required", "account_selection_required", "consent_required"];

    protected async Task<Login> LoginAsync(RelyingParty client) => await client.LoginAsync(("state", RandomText.LongOf(128)));

    /// <summary>OpenID Connect RP-Initiated Logout §2, by GET.</summary>
    protected Task<Page> LogoutAsync(params (string Name, string? Value)[] parameters)
    {
        var request = parameters.Aggregate(new AuthorizationParameters(), (request, parameter) => request.With(parameter.Name, parameter.Value));
        return Browser.GetAsync(request.Sent.IsEmpty ? Provider.EndSessionEndpoint : request.Url(Provider.EndSessionEndpoint));
    }

    /// <summary>The base flow's logout: hint, address and state, back to the client, and nobody is signed in any more.</summary>
    protected async Task LogoutAndReturnAsync(RelyingParty client, Login login, string? state)
    {
        var page = await LogoutAsync(("id_token_hint", login.IdToken.Raw), ("post_logout_redirect_uri", Inbox.PostLogoutRedirectUri), ("state", state));
        await ShouldBeBackAsync(client, page, state);
    }

    protected async Task ShouldBeBackAsync(RelyingParty client, Page page, string? state)
    {
        Assert.True(page.IsAtClient, $"The browser should be back at the client, and is at {page.Url}: {page.Text}");
        KeyValuePair<string, string>[] expected = state is null ? [] : [new("state", state)];
        Assert.Equal(expected, Inbox.Take("post_logout_redirect").QueryParameters);
        await client.RefusedAsync(client.Request(("prompt", "none")), InteractionErrors);
    }

    /// <summary>Stands in for the screenshot: the server's own page asks or says what is wrong, and the browser stays there.</summary>
    protected void ShouldStay(Page page)
    {
        PageCheck.IsOfServer(Provider, page);
        Assert.True(page.Answer.Status is >= 400 and < 500 || page.Document.QuerySelector("form button[value=logout]") is not null, $"It neither fails nor asks: {page.Text}");
    }

    /// <summary>The person is told that he is signed out, after he has agreed to it if he was asked.</summary>
    protected async Task ShouldBeSignedOutAsync(RelyingParty client, Page page)
    {
        PageCheck.IsOfServer(Provider, page);
        if (page.Document.QuerySelector("form button[value=logout]") is not null)
            page = await Browser.SubmitAsync(page, "logout");
        PageCheck.IsOfServer(Provider, page);
        Assert.Equal(200, page.Answer.Status);
        Assert.Contains("signed out", page.Text, StringComparison.Ordinal);
        await client.RefusedAsync(client.Request(("prompt", "none")), InteractionErrors);
    }
}
