using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Browsers;

/// <summary>Whether a user who gave the right password must enter a code in this browser: see <see cref="FactorDevices"/>.</summary>
public sealed class FactorMemory(ICredentialStore credentials, FactorDevices devices, BrowserCookies cookies, TimeProvider clock)
{
    /// <exception cref="TemporarilyUnavailableException">Storage did not answer, so the login fails, because a code might be required.</exception>
    public async Task<bool> MustGiveCodeAsync(HttpContext http, User user, CancellationToken cancellation)
    {
        var factors = (await credentials.FindAsync(user.Subject, cancellation)).Factors;
        // A disabled account is reported only after the code.
        return factors.HasAny && (user.Disabled || !await devices.AreRememberedAsync(cookies.FactorDevices(http), user, factors, cancellation));
    }

    public async Task RememberAsync(HttpContext http, string subject, CancellationToken cancellation)
    {
        try
        {
            cookies.SetFactorDevices(http, await devices.RenewAsync(cookies.FactorDevices(http), subject, cancellation), clock.GetUtcNow() + devices.RememberFor);
        }
        catch (TemporarilyUnavailableException)
        {
            // The login succeeds without it.
        }
    }
}
