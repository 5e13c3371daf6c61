using System.Globalization;
using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Sessions;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Login;

/// <summary>The login page, and the token that binds its form to the request and the browser.</summary>
public sealed class LoginForm(IPages pages, BrowserCookies cookies, PasskeyAttempt passkeys, ServerOptions options)
{
    public const string Purpose = "login";

    public LoginPage For(ParkedRequest parked, AuthorizationRequest request, byte[] browser)
    {
        var id = parked.Address.ToString();
        return Ask(new LoginPage(id, FormToken.For(browser, Purpose, id), request.Client.ForPage())
        {
            Passkey = passkeys.QuestionFor(parked),
            RememberedFor = options.Lifetimes.RememberedSession,
            ForgotAddress = options.Mail.IsConfigured ? $"{Routes.ForgotPassword}?{PageAddress.Of(parked)}" : null,
            SignUpAddress = options.SelfRegistration ? $"{Routes.SignUp}?{PageAddress.Of(parked)}" : null,
            AnotherAddress = options.Login.NameFirst ? $"{Routes.Login}?{PageAddress.Of(parked, PageFields.AnotherAccount)}" : null,
        }, request.LoginHint);
    }

    /// <summary>The page asks that person, whose name is not looked up: it asks for the password of everybody.</summary>
    /// <param name="username">Null where nobody is named yet.</param>
    public LoginPage Ask(LoginPage page, string? username) => page with
    {
        Username = username,
        Asks = !options.Login.NameFirst ? LoginQuestion.NameAndPassword : string.IsNullOrWhiteSpace(username) ? LoginQuestion.Name : LoginQuestion.Password,
    };

    /// <summary>The name of the account that the person chose on the page before; null when it is to be another one.</summary>
    /// <param name="account">Its place in the browser's list: names have no business in an address.</param>
    public string? NameOf(string account, HttpContext http, Session? session) =>
        int.TryParse(account, NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? cookies.Accounts(http).NamesWith(session).ElementAtOrDefault(place) : null;

    public IResult Show(HttpContext http, LoginPage page)
    {
        SecurityHeaders.AllowScript(http.Response);
        return pages.Show(page);
    }
}
