using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Browsers;

/// <summary>
/// The cookies. <c>session</c> says who is signed in; <c>browser</c> is a random secret that binds parked requests and
/// form tokens to this browser, so that no page can be answered from another one. <c>devices</c> says in which accounts somebody signed in
/// here before, and signs nobody in. <c>factors</c> says for which accounts no code is asked here, and signs nobody in. <c>accounts</c> has the names of the last accounts, for the person who chooses one. Only with session
/// management there is <c>browser-state</c>, which scripts read and which opens nothing. On https all have the <c>__Host-</c> prefix. On http, which exists on
/// localhost only, cookies belong to every port, so the names say whose they are.
/// </summary>
public sealed class BrowserCookies(ServerUrls urls, ServerOptions options, TimeProvider clock)
{
    private static readonly object StateKey = new();

    private readonly string sessionName = Prefix(urls, options) + "session";
    private readonly string browserName = Prefix(urls, options) + "browser";
    private readonly string devicesName = Prefix(urls, options) + "devices";
    private readonly string factorsName = Prefix(urls, options) + "factors";
    private readonly string accountsName = Prefix(urls, options) + "accounts";

    public string BrowserStateName { get; } = Prefix(urls, options) + "browser-state";

    private static string Prefix(ServerUrls urls, ServerOptions options) => urls.IsHttps ? "__Host-" : $"functionsauth-{options.Issuer!.Port}-";

    /// <summary>What the session cookie says, unproven until the session record confirms it; null when it is absent or malformed.</summary>
    public SessionCookie? Session(HttpContext http) => SessionCookie.Parse(http.Request.Cookies[sessionName]);

    public bool HasSession(HttpContext http) => http.Request.Cookies.ContainsKey(sessionName);

    public void SetSession(HttpContext http, SessionCookie cookie, Session session)
    {
        http.Response.Cookies.Append(sessionName, cookie.ToString(), Options(ExpiryOf(session)));
        EnsureBrowserState(http, session);
    }

    public void DeleteSession(HttpContext http)
    {
        http.Response.Cookies.Delete(sessionName, Options(null));
        if (options.SessionManagement)
            http.Response.Cookies.Delete(BrowserStateName, StateOptions(null));
    }

    /// <summary>Lets scripts of the server see which session it is, where session management is on.</summary>
    public void EnsureBrowserState(HttpContext http, Session session)
    {
        var state = session.BrowserState();
        // One answer may begin a session and end in a response to the client.
        if (!options.SessionManagement || http.Items[StateKey] is not null || http.Request.Cookies[BrowserStateName] == state)
            return;
        http.Items[StateKey] = state;
        http.Response.Cookies.Append(BrowserStateName, state, StateOptions(ExpiryOf(session)));
    }

    /// <summary>In which accounts this browser signed in before: <see cref="LoginDevices"/> reads it.</summary>
    public string? Devices(HttpContext http) => http.Request.Cookies[devicesName];

    public void SetDevices(HttpContext http, string devices, DateTimeOffset expires) => http.Response.Cookies.Append(devicesName, devices, Options(expires));

    /// <summary>In which accounts this browser need not ask for a code: <see cref="Credentials.FactorDevices"/> reads it.</summary>
    public string? FactorDevices(HttpContext http) => http.Request.Cookies[factorsName];

    public void SetFactorDevices(HttpContext http, string devices, DateTimeOffset expires) => http.Response.Cookies.Append(factorsName, devices, Options(expires));

    /// <summary>The accounts in which somebody signed in here before, to choose from.</summary>
    public KnownAccounts Accounts(HttpContext http) => KnownAccounts.Parse(http.Request.Cookies[accountsName], clock.GetUtcNow());

    /// <summary>The browser knows the account for as long as the session can last.</summary>
    public void RememberAccount(HttpContext http, Session session) => SetAccounts(http, Accounts(http).With(session.Username, session.ExpiresAt));

    public void ForgetAccount(HttpContext http, string username) => SetAccounts(http, Accounts(http).Without(username));

    private void SetAccounts(HttpContext http, KnownAccounts accounts)
    {
        if (accounts.KnownUntil is { } end)
            http.Response.Cookies.Append(accountsName, accounts.ToString(), Options(end));
        else
            http.Response.Cookies.Delete(accountsName, Options(null));
    }

    /// <summary>The secret of this browser; null when it has none.</summary>
    public byte[]? Browser(HttpContext http) =>
        StrictBase64Url.TryDecode(http.Request.Cookies[browserName], Handle.SecretLength, out var secret) ? secret : null;

    /// <summary>The secret of this browser, given to it when it has none.</summary>
    public byte[] EnsureBrowser(HttpContext http)
    {
        if (Browser(http) is { } known)
            return known;
        var secret = Handle.NewSecret();
        http.Response.Cookies.Append(browserName, Base64Url.EncodeToString(secret), Options(null));
        return secret;
    }

    /// <summary>The secret that binds a parked request; null when this browser has none.</summary>
    public byte[]? Browser(HttpContext http, RecordAddress request) =>
        StrictBase64Url.TryDecode(http.Request.Cookies[NameFor(request)], Handle.SecretLength, out var secret) ? secret : Browser(http);

    /// <summary>
    /// The secret that binds a parked request, given to the browser when it has none. Two requests of a new browser may come at the same time,
    /// and only one of their answers decides what <c>browser</c> is. So each secret is kept for its own request, too.
    /// </summary>
    public byte[] EnsureBrowser(HttpContext http, RecordAddress request)
    {
        if (Browser(http, request) is { } known)
            return known;
        var secret = EnsureBrowser(http);
        var cookie = Options(null);
        cookie.MaxAge = options.Lifetimes.Interaction;
        http.Response.Cookies.Append(NameFor(request), Base64Url.EncodeToString(secret), cookie);
        return secret;
    }

    private string NameFor(RecordAddress request) => $"{browserName}-{request}";

    private static DateTimeOffset? ExpiryOf(Session session) => session.Remembered ? session.ExpiresAt : null;

    private CookieOptions Options(DateTimeOffset? expires) => new()
    {
        HttpOnly = true,
        Secure = urls.IsHttps,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        Expires = expires,
    };

    /// <summary>For a page of the server in a frame of another site, and its script.</summary>
    private CookieOptions StateOptions(DateTimeOffset? expires)
    {
        var cookie = Options(expires);
        cookie.HttpOnly = false;
        cookie.SameSite = urls.IsHttps ? SameSiteMode.None : SameSiteMode.Lax;
        return cookie;
    }
}

/// <summary>
/// The session's address, its secret, and the subject: with that the consent can be read beside the session, and the
/// session's record confirms both afterwards.
/// </summary>
public sealed record SessionCookie(RecordAddress Address, byte[] Secret, string Subject)
{
    public static SessionCookie? Parse(string? text)
    {
        var parts = text?.Split('.');
        return parts is { Length: 3 } && parts[2].Length is > 0 and <= 100
            && RecordAddress.TryParse(parts[0], out var address)
            && StrictBase64Url.TryDecode(parts[1], Handle.SecretLength, out var secret)
            && parts[2].All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? new SessionCookie(address, secret, parts[2])
            : null;
    }

    public override string ToString() => $"{Address}.{Base64Url.EncodeToString(Secret)}.{Subject}";
}

/// <summary>
/// The hidden field that a form posts back: an HMAC of what the form is for, under the browser's secret. Another site
/// can neither read the secret nor make the field.
/// </summary>
public static class FormToken
{
    public static string For(byte[] browser, params ReadOnlySpan<string> purpose) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(browser, Encoding.UTF8.GetBytes(string.Join('\n', purpose!))));

    public static bool IsValid(string? token, byte[] browser, params ReadOnlySpan<string> purpose) =>
        token is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(For(browser, purpose)));
}
