using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Notices;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Browsers;

/// <summary>Adds a browser to the known browsers of the account that has just signed in: see <see cref="LoginDevices"/>.</summary>
public sealed class DeviceMemory(LoginDevices devices, BrowserCookies cookies, AccountMails notices, ServerOptions options, TimeProvider clock)
{
    /// <summary>If the operator wants it, the user gets a mail about a new browser.</summary>
    public async Task RememberAsync(HttpContext http, User user, CancellationToken cancellation)
    {
        if (options.Mail.NewDevice && !await IsKnownAsync(http, user.Subject, cancellation))
            await notices.TellAsync(AccountChange.NewDevice, user.AsRecipient());
        await RememberFirstAsync(http, user.Subject, cancellation);
    }

    private async Task<bool> IsKnownAsync(HttpContext http, string subject, CancellationToken cancellation)
    {
        try
        {
            return await devices.FindAsync(cookies.Devices(http), subject, cancellation) is not null;
        }
        catch (TemporarilyUnavailableException)
        {
            // One mail too many is better than one too few.
            return false;
        }
    }

    /// <summary>The browser in which the account was created is not new.</summary>
    public async Task RememberFirstAsync(HttpContext http, string subject, CancellationToken cancellation)
    {
        try
        {
            cookies.SetDevices(http, await devices.RenewAsync(cookies.Devices(http), subject, cancellation), clock.GetUtcNow() + LoginDevices.Life);
        }
        catch (TemporarilyUnavailableException)
        {
            // The login succeeds without it.
        }
    }
}
