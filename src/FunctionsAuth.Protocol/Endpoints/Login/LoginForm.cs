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

    /// <summary>Sets the fields that the page asks for. The name is not looked up, so the page is the same for unknown names.</summary>
    /// <param name="username">The name; null if there is none yet.</param>
    public LoginPage Ask(LoginPage page, string? username) => page with
    {
        Username = username,
        Asks = !options.Login.NameFirst ? LoginQuestion.NameAndPassword : string.IsNullOrWhiteSpace(username) ? LoginQuestion.Name : LoginQuestion.Password,
    };

    /// <summary>The name of the account that the user chose on the page before; null for another account.</summary>
    /// <param name="account">The position in the browser's list, because names must not be part of an address.</param>
    public string? NameOf(string account, HttpContext http, Session? session) =>
        int.TryParse(account, NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? cookies.Accounts(http).NamesWith(session).ElementAtOrDefault(place) : null;

    public IResult Show(HttpContext http, LoginPage page)
    {
        SecurityHeaders.AllowScript(http.Response);
        return pages.Show(page);
    }
}
