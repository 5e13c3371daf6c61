using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;

namespace WebApp;

internal static class SignIn
{
    public static void AddSignIn(this IServiceCollection services, IConfiguration configuration)
    {
        var issuer = configuration["Issuer"]!;
        var secret = configuration["ClientSecret"] ?? throw new InvalidOperationException("Set ClientSecret, or run in the environment Development to use the sample's own.");
        services.AddHttpClient<TokenRefresh>();
        services.AddAuthorization();
        // <sign-in>
        services.AddAuthentication(options =>
            {
                options.DefaultScheme = CookieAuthenticationDefaults.AuthenticationScheme;          // who is signed in here
                options.DefaultChallengeScheme = OpenIdConnectDefaults.AuthenticationScheme;        // where to sign in
            })
            .AddCookie(options =>
            {
                options.AccessDeniedPath = "/no-access";
                options.Events.OnValidatePrincipal = TokenRefresh.RefreshIfNeededAsync;
            })
            .AddOpenIdConnect(options =>
            {
                options.Authority = issuer;
                options.ClientId = configuration["ClientId"];
                options.ClientSecret = secret;
                options.ResponseType = "code";
                options.PushedAuthorizationBehavior = PushedAuthorizationBehavior.Require;          // PAR: the request does not pass through the browser
                options.Scope.Add("email");                                                         // openid and profile are there already
                options.Scope.Add("offline_access");                                                // a refresh token
                options.Scope.Add("orders.read");                                                   // access tokens for the Orders API
                options.SaveTokens = true;                                                          // in the session cookie, for the API and for sign-out
                options.MapInboundClaims = false;                                                   // claims keep their names: sub, name, roles
                options.TokenValidationParameters.NameClaimType = "name";
                options.TokenValidationParameters.RoleClaimType = "roles";                          // for RequireRole and IsInRole
                options.RequireHttpsMetadata = !new Uri(issuer).IsLoopback;                         // http is for this machine only

                // The defaults are for a response that another site posts. They need cookies that browsers accept on https only.
                options.ResponseMode = "query";
                options.CorrelationCookie.SameSite = options.NonceCookie.SameSite = SameSiteMode.Lax;
                options.CorrelationCookie.SecurePolicy = options.NonceCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            });
        // </sign-in>
    }
}
