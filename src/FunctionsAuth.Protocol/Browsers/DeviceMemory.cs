using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Browsers;

/// <summary>Lets a browser be known to the account in which somebody has just signed in: see <see cref="LoginDevices"/>.</summary>
public sealed class DeviceMemory(LoginDevices devices, BrowserCookies cookies, TimeProvider clock)
{
    public async Task RememberAsync(HttpContext http, string subject, CancellationToken cancellation)
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
