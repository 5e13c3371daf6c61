using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Checks;
using FunctionsAuth.Conformance.Checks.Tokens;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Party;

/// <summary>A client in the flow of its plan. Whatever it gets is checked by all the rules that hold in every module.</summary>
public sealed class RelyingParty(Provider provider, PlanAttribute plan, SuiteClient client, Inbox inbox, Browser browser)
{
    public SuiteClient Client => client;

    public TokenRequests Tokens { get; } = new(provider, client);

    /// <summary>The base flow's authorization request: scope openid, a state and a nonce of 10 characters.</summary>
    public AuthorizationParameters Request(params (string Name, string? Value)[] changes)
    {
        (string, string?)[] usual =
        [
            ("client_id", client.Id),
            ("redirect_uri", client.RedirectUri),
            ("response_type", plan.ResponseType),
            ("response_mode", plan.FormPost ? "form_post" : null),
            ("scope", "openid"),
            ("state", RandomText.Of(10)),
            ("nonce", RandomText.Of(10)),
        ];
        return usual.Concat(changes).Aggregate(new AuthorizationParameters(), (request, change) => request.With(change.Item1, change.Item2));
    }

    /// <summary>The whole base flow: authorization, tokens, userinfo.</summary>
    public Task<Login> LoginAsync(params (string Name, string? Value)[] changes) => LoginAsync(Request(changes));

    public async Task<Login> LoginAsync(AuthorizationParameters request, bool backwards = false) =>
        await FinishAsync(request, await browser.GetAsync(request.Url(provider.AuthorizationEndpoint, backwards)));

    /// <summary>The same from a page on, whichever way the request got there.</summary>
    public async Task<Login> FinishAsync(AuthorizationParameters request, Page page, string? codeVerifier = null)
    {
        var response = await ReceiveAsync(request, page);
        var front = plan.HasFrontIdToken ? await IdTokenCheck.VerifyAsync(provider, client, response["id_token"], request) : null;
        if (front is not null)
            IdTokenCheck.Hashes(front, request, response.GetValueOrDefault("code"), response.GetValueOrDefault("access_token"), required: true);
        Login login = new(request, response, front, null, null, null);
        if (plan.HasFrontToken)
        {
            TokenResponseCheck.InFragment(response);
            login = login with { Userinfo = await Tokens.UserInfoAsync(login, response["access_token"]) };
        }
        return plan.HasCode ? await Tokens.RedeemAsync(login, codeVerifier) : login;
    }

    /// <summary>To the authorization response, and no further.</summary>
    public async Task<IReadOnlyDictionary<string, string>> AuthorizeAsync(AuthorizationParameters request) =>
        await ReceiveAsync(request, await browser.GetAsync(request.Url(provider.AuthorizationEndpoint)));

    /// <summary>The authorization response is an error, given back to the client without asking anybody.</summary>
    public Task RefusedAsync(AuthorizationParameters request, params string[] errors) => RefusedAsync(plan, request, errors);

    /// <summary>
    /// The same when the server could not read the request object: whatever stands only in there it does not know. Then the error
    /// comes by the way that is usual for the response type, and without state.
    /// </summary>
    public Task RefusedUnreadAsync(AuthorizationParameters request, params string[] errors) =>
        RefusedAsync(new PlanAttribute(plan.Name) { ResponseType = plan.ResponseType }, request with { State = null }, errors);

    /// <summary>The server may not redirect; its page says what is wrong.</summary>
    /// <param name="names">What the page must name.</param>
    public async Task ShownErrorAsync(AuthorizationParameters request, string names) =>
        PageCheck.Error(provider, await browser.GetAsync(request.Url(provider.AuthorizationEndpoint)), names);

    private async Task RefusedAsync(PlanAttribute way, AuthorizationParameters request, string[] errors)
    {
        var page = await browser.GetAsync(request.Url(provider.AuthorizationEndpoint));
        Assert.True(page.IsAtClient, $"The browser should be back at the client, and is at {page.Url}: {page.Text}");
        var parameters = RedirectCheck.Parameters(way, request, inbox.Take("callback"), page.Url);
        ErrorRedirectCheck.Verify(provider, request, parameters);
        Assert.Contains(parameters["error"], errors);
    }

    private async Task<IReadOnlyDictionary<string, string>> ReceiveAsync(AuthorizationParameters request, Page page)
    {
        page = await browser.AnswerAsync(page);
        Assert.True(page.IsAtClient, $"The browser should be back at the client, and is at {page.Url}: {page.Text}");
        var parameters = RedirectCheck.Parameters(plan, request, inbox.Take("callback"), page.Url);
        RedirectCheck.Success(provider, plan, request, parameters);
        return parameters;
    }
}

/// <summary>What a client asks the token and userinfo endpoints.</summary>
public sealed class TokenRequests(Provider provider, SuiteClient client)
{
    public async Task<Login> RedeemAsync(Login login, string? codeVerifier = null)
    {
        var answer = await PostAsync(CodeForm(login, codeVerifier));
        var json = TokenResponseCheck.Verify(answer);
        var back = await IdTokenCheck.VerifyAsync(provider, client, json["id_token"]!.GetValue<string>(), login.Request);
        IdTokenCheck.Hashes(back, login.Request, login.Code, json["access_token"]!.GetValue<string>(), required: false);
        IdTokenCheck.SameLogin(login.Front, back);
        login = login with { Back = back, TokenAnswer = json };
        return login with { Userinfo = await UserInfoAsync(login, login.AccessToken) };
    }

    /// <summary>The code of a login once more.</summary>
    public Task<Answer> RedeemAgainAsync(Login login) => PostAsync(CodeForm(login, null));

    public Task<Answer> RefreshAsync(string refreshToken, string? scope)
    {
        Dictionary<string, string> form = new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refreshToken };
        if (scope is not null)
            form["scope"] = scope;
        return PostAsync(form);
    }

    /// <summary>The claims of a login by one of its access tokens, all checked.</summary>
    public async Task<JsonObject> UserInfoAsync(Login login, string accessToken) =>
        await UserInfoCheck.VerifyAsync(provider, client, await GetUserInfoAsync(accessToken), login);

    public Task<Answer> GetUserInfoAsync(string accessToken) => AskUserInfoAsync(HttpMethod.Get, accessToken);

    /// <summary>With the token in the header and, for POST, an empty form.</summary>
    public Task<Answer> AskUserInfoAsync(HttpMethod method, string accessToken)
    {
        var request = new HttpRequestMessage(method, provider.UserInfoEndpoint);
        request.Headers.Authorization = new("Bearer", accessToken);
        if (method == HttpMethod.Post)
            request.Content = new FormUrlEncodedContent([]);
        return SuiteHttp.SendForJsonAsync(request);
    }

    /// <summary>RFC 6750 §2.2: with the token in the form.</summary>
    public Task<Answer> PostTokenToUserInfoAsync(string accessToken) => SuiteHttp.SendForJsonAsync(
        new HttpRequestMessage(HttpMethod.Post, provider.UserInfoEndpoint) { Content = new FormUrlEncodedContent([new("access_token", accessToken)]) });

    private static Dictionary<string, string> CodeForm(Login login, string? codeVerifier)
    {
        Dictionary<string, string> form = new() { ["grant_type"] = "authorization_code", ["code"] = login.Code, ["redirect_uri"] = login.Request.RedirectUri };
        if (codeVerifier is not null)
            form["code_verifier"] = codeVerifier;
        return form;
    }

    private Task<Answer> PostAsync(Dictionary<string, string> form)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, provider.TokenEndpoint);
        client.Authenticate(request, form, provider.TokenEndpoint);
        request.Content = new FormUrlEncodedContent(form);
        return SuiteHttp.SendForJsonAsync(request);
    }
}
