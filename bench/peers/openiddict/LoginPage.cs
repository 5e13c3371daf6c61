using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace OpenIddictPeer;

/// <summary>The page on which the user signs in. The session is in a cookie of ASP.NET Core.</summary>
internal static class LoginPage
{
    public const string Path = "/login";

    public static IResult Show(string returnUrl) => Results.Content(
        $"""<form method="post" action="{Path}"><input type="hidden" name="returnUrl" value="{WebUtility.HtmlEncode(returnUrl)}"><input name="username"><input type="password" name="password"></form>""",
        "text/html");

    public static async Task<IResult> SignInAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (form["username"] != PeerClients.Username || !PeerClients.Matches(form["password"], PeerClients.Password))
            return Results.StatusCode(StatusCodes.Status401Unauthorized);
        var identity = new ClaimsIdentity([new Claim(Claims.Subject, PeerClients.Username)], CookieAuthenticationDefaults.AuthenticationScheme);
        await http.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, new ClaimsPrincipal(identity));
        return Results.LocalRedirect(form["returnUrl"].ToString());
    }
}
