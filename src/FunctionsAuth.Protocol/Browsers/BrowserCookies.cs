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
/// The cookies of the server. <c>session</c> identifies the session. <c>browser</c> is a random secret that binds parked requests and form tokens to
/// this browser, so that a page can be answered only by its own browser. <c>devices</c> has the accounts that signed in here before, and
/// <c>factors</c> the accounts that need no code here; neither signs anybody in. <c>accounts</c> has the names of the last accounts, for the page on
/// which a user chooses one. With session management there is also <c>browser-state</c>, which scripts can read and which is no credential. On https
/// all cookies have the <c>__Host-</c> prefix. On http, which is used only on localhost, cookies are shared by all ports, so the names contain the
/// server.
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

    /// <summary>The content of the session cookie. It is not trusted until the session record confirms it. Null when it is absent or malformed.</summary>
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

    /// <summary>Lets scripts of the server see the current session, if session management is on.</summary>
    public void EnsureBrowserState(HttpContext http, Session session)
    {
        var state = session.BrowserState();
        // One answer may begin a session and end in a response to the client.
        if (!options.SessionManagement || http.Items[StateKey] is not null || http.Request.Cookies[BrowserStateName] == state)
            return;
        http.Items[StateKey] = state;
        http.Response.Cookies.Append(BrowserStateName, state, StateOptions(ExpiryOf(session)));
    }

    /// <summary>The accounts that signed in with this browser before: <see cref="LoginDevices"/> reads it.</summary>
    public string? Devices(HttpContext http) => http.Request.Cookies[devicesName];

    public void SetDevices(HttpContext http, string devices, DateTimeOffset expires) => http.Response.Cookies.Append(devicesName, devices, Options(expires));

    /// <summary>The accounts for which this browser need not ask for a code: <see cref="Credentials.FactorDevices"/> reads it.</summary>
    public string? FactorDevices(HttpContext http) => http.Request.Cookies[factorsName];

    public void SetFactorDevices(HttpContext http, string devices, DateTimeOffset expires) => http.Response.Cookies.Append(factorsName, devices, Options(expires));

    /// <summary>The accounts that signed in here before, to choose from.</summary>
    public KnownAccounts Accounts(HttpContext http) => KnownAccounts.Parse(http.Request.Cookies[accountsName], clock.GetUtcNow());

    /// <summary>The browser remembers the account for as long as the session can last.</summary>
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

    /// <summary>The secret of this browser. A browser without a secret gets one.</summary>
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
    /// The secret that binds a parked request. A browser without a secret gets one. Two requests of a new browser may come at the same time, and only
    /// one of their answers sets <c>browser</c>. So each secret is also stored for its own request.
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

    /// <summary>For a page of the server in a frame of another site, and for its script.</summary>
    private CookieOptions StateOptions(DateTimeOffset? expires)
    {
        var cookie = Options(expires);
        cookie.HttpOnly = false;
        cookie.SameSite = urls.IsHttps ? SameSiteMode.None : SameSiteMode.Lax;
        return cookie;
    }
}

/// <summary>
/// The session's address, its secret, and the subject. With the subject, the consent can be read together with the session, and the session record
/// confirms both afterwards.
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
/// The hidden field of a form: an HMAC of the form's purpose with the browser's secret. Another site can neither read the secret nor compute the
/// field.
/// </summary>
public static class FormToken
{
    public static string For(byte[] browser, params ReadOnlySpan<string> purpose) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(browser, Encoding.UTF8.GetBytes(string.Join('\n', purpose!))));

    public static bool IsValid(string? token, byte[] browser, params ReadOnlySpan<string> purpose) =>
        token is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(For(browser, purpose)));
}
