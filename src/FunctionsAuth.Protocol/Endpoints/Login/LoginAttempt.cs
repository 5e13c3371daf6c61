using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Login;

/// <summary>
/// The result of a login with name and password. All three values are empty if the name or the password is wrong, or while attempts are limited.
/// </summary>
/// <param name="Half">The password is right, but a second factor is missing.</param>
/// <param name="IsDisabled">The name and the password are right, but the account is disabled.</param>
public sealed record LoginOutcome(Session? Session, HalfLogin? Half, bool IsDisabled);

/// <summary>Checks a name and a password, and begins the session.</summary>
public sealed class LoginAttempt(PasswordLogin passwords, HashLimit limit, SessionStarter starter, FactorMemory factors, DeviceMemory devices, BrowserCookies cookies)
{
    /// <exception cref="OAuthException">Status 429: too many passwords came from one network.</exception>
    public async Task<LoginOutcome> TryAsync(HttpContext http, string clientId, string username, string password, bool remember, CancellationToken cancellation)
    {
        var network = limit.Take();
        var result = await passwords.AuthenticateAsync(username, password, new LoginCaller(network, cookies.Devices(http)) { ClientId = clientId }, cancellation);
        if (result.Login is not { } login)
            return new(null, null, false);
        if (await factors.MustGiveCodeAsync(http, login.User, cancellation))
            return new(null, new HalfLogin(login.User.Subject, login.Proofs[0], remember), false);
        if (result.SignedIn is null)
            return new(null, null, IsDisabled: true);
        return new(await BeginAsync(http, login, clientId, remember, cancellation), null, false);
    }

    /// <summary>Begins the session of a user who has proved enough. The account remembers the browser from now on.</summary>
    public async Task<Session> BeginAsync(HttpContext http, ProvenLogin login, string clientId, bool remember, CancellationToken cancellation)
    {
        var session = await starter.StartAsync(http, login, clientId, remember, cancellation);
        await devices.RememberAsync(http, login.User, cancellation);
        return session;
    }
}
