using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Login;

/// <summary>A name and a password, and the session that comes of them.</summary>
public sealed class LoginAttempt(PasswordLogin passwords, SessionStarter starter)
{
    /// <returns>Null when the name or the password is wrong, or the account is locked or disabled.</returns>
    public async Task<Session?> TryAsync(HttpContext http, string username, string password, bool remember, CancellationToken cancellation) =>
        await passwords.AuthenticateAsync(username, password, cancellation) is { } user
            ? await starter.StartAsync(http, user, remember, cancellation)
            : null;
}
