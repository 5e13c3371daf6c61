using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Notices;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Browsers;

/// <summary>Lets a browser be known to the account in which somebody has just signed in: see <see cref="LoginDevices"/>.</summary>
public sealed class DeviceMemory(LoginDevices devices, BrowserCookies cookies, AccountMails notices, ServerOptions options, TimeProvider clock)
{
    /// <summary>Where the operator wants it, a person is told of a browser that is new to the account.</summary>
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

    /// <summary>The browser in which the person made the account is new to nobody.</summary>
    public async Task RememberFirstAsync(HttpContext http, string subject, CancellationToken cancellation)
    {
        try
        {
            cookies.SetDevices(http, await devices.RenewAsync(cookies.Devices(http), subject, cancellation), clock.GetUtcNow() + LoginDevices.Life);
        }
        catch (TemporarilyUnavailableException)
        {
            // The login is good without it.
        }
    }
}
