using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace WebApp;

// <refresh>
/// <summary>Replaces an access token shortly before it expires. Two requests at once may do the same: the server gives both the same new refresh token.</summary>
internal sealed class TokenRefresh(HttpClient http, IOptionsMonitor<OpenIdConnectOptions> monitor)
{
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(1);

    public static Task RefreshIfNeededAsync(CookieValidatePrincipalContext context) =>
        DateTimeOffset.TryParse(context.Properties.GetTokenValue("expires_at"), CultureInfo.InvariantCulture, out var expires) && expires - DateTimeOffset.UtcNow > Early
            ? Task.CompletedTask
            : context.HttpContext.RequestServices.GetRequiredService<TokenRefresh>().RefreshAsync(context);

    private async Task RefreshAsync(CookieValidatePrincipalContext context)
    {
        var options = monitor.Get(OpenIdConnectDefaults.AuthenticationScheme);
        var metadata = await options.ConfigurationManager!.GetConfigurationAsync(context.HttpContext.RequestAborted);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string?>
        {
            ["grant_type"] = "refresh_token",
            ["refresh_token"] = context.Properties.GetTokenValue("refresh_token"),
            ["client_id"] = options.ClientId,
            ["client_secret"] = options.ClientSecret,
        });
        using var answer = await http.PostAsync(metadata.TokenEndpoint, form, context.HttpContext.RequestAborted);
        if ((int)answer.StatusCode >= 500)
            return; // the server can't answer now: the session goes on, and the next request tries again
        if (!answer.IsSuccessStatusCode)
        {
            context.RejectPrincipal(); // the server revoked the grant: sign in again
            return;
        }
        var tokens = new OpenIdConnectMessage(await answer.Content.ReadAsStringAsync(context.HttpContext.RequestAborted));
        var expires = DateTimeOffset.UtcNow.AddSeconds(int.Parse(tokens.ExpiresIn, CultureInfo.InvariantCulture));
        context.Properties.UpdateTokenValue("access_token", tokens.AccessToken);
        context.Properties.UpdateTokenValue("refresh_token", tokens.RefreshToken); // each refresh token is used once
        context.Properties.UpdateTokenValue("expires_at", expires.ToString("o", CultureInfo.InvariantCulture));
        context.ShouldRenew = true; // writes the cookie
    }
}
// </refresh>
