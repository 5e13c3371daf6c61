using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Login;

/// <summary>A name and a password, and the session that comes of them.</summary>
public sealed class LoginAttempt(
    PasswordLogin passwords, LoginDevices devices, HashLimit limit, SessionStarter starter, BrowserCookies cookies, TimeProvider clock)
{
    /// <returns>Null when the name or the password is wrong, or the account is disabled or takes no guesses right now.</returns>
    /// <exception cref="OAuthException">Status 429: too many passwords came from one network.</exception>
    public async Task<Session?> TryAsync(HttpContext http, string clientId, string username, string password, bool remember, CancellationToken cancellation)
    {
        var network = limit.Take();
        var cookie = cookies.Devices(http);
        if (await passwords.AuthenticateAsync(username, password, new LoginCaller(network, cookie) { ClientId = clientId }, cancellation) is not { } login)
            return null;
        return await BeginAsync(http, login, clientId, remember, cancellation);
    }

    /// <summary>Begins the session of somebody who has proven who they are, in a browser that is known to the account from now on.</summary>
    public async Task<Session> BeginAsync(HttpContext http, ProvenLogin login, string clientId, bool remember, CancellationToken cancellation)
    {
        var session = await starter.StartAsync(http, login, clientId, remember, cancellation);
        await RememberDeviceAsync(http, login.User.Subject, cookies.Devices(http), cancellation);
        return session;
    }

    private async Task RememberDeviceAsync(HttpContext http, string subject, string? cookie, CancellationToken cancellation)
    {
        try
        {
            cookies.SetDevices(http, await devices.RenewAsync(cookie, subject, cancellation), clock.GetUtcNow() + LoginDevices.Life);
        }
        catch (TemporarilyUnavailableException)
        {
            // The login is good without it.
        }
    }
}
