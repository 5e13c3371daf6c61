using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using OpenIddictPeer.Stores;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace OpenIddictPeer;

/// <summary>
/// The server, set up for speed as its documentation says: no logging, access tokens that are not encrypted, one symmetric key for what it
/// encrypts for itself, and handlers instead of controllers.
/// </summary>
internal static class PeerServer
{
    public const string Degraded = "degraded";

    public static WebApplication Build(string port, string algorithm, string mode)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://localhost:{port}").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie => cookie.LoginPath = LoginPage.Path);
        var openIddict = builder.Services.AddOpenIddict().AddServer(server => Configure(server, new Uri($"http://localhost:{port}"), algorithm, mode == Degraded));
        if (mode != Degraded)
            openIddict.AddCore(core => MemoryStores.Use(core, hashesFast: mode == "stores"));

        var app = builder.Build();
        app.UseAuthentication();
        app.MapGet(LoginPage.Path, LoginPage.Show);
        app.MapPost(LoginPage.Path, (Delegate)LoginPage.SignInAsync);
        return app;
    }

    private static void Configure(OpenIddictServerBuilder server, Uri issuer, string algorithm, bool isDegraded)
    {
        server.SetIssuer(issuer)
            .SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token").SetUserInfoEndpointUris("userinfo")
            .SetIntrospectionEndpointUris("introspect").SetPushedAuthorizationEndpointUris("par").SetJsonWebKeySetEndpointUris("jwks")
            .AllowAuthorizationCodeFlow().AllowRefreshTokenFlow().AllowClientCredentialsFlow()
            .RequireProofKeyForCodeExchange()
            .RegisterScopes("openid", "offline_access", "api.read")
            .AddSigningKey(algorithm == "ES256" ? new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)) : new RsaSecurityKey(RSA.Create(2048)))
            .AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)))
            .DisableAccessTokenEncryption()
            .SetAccessTokenLifetime(TimeSpan.FromHours(1)).SetRefreshTokenLifetime(TimeSpan.FromDays(1));
        server.UseAspNetCore().DisableTransportSecurityRequirement();
        server.AddEventHandler<HandleTokenRequestContext>(handler => handler.UseSingletonHandler<TokenRequests>());
        if (isDegraded)
        {
            server.EnableDegradedMode();
            server.AddEventHandler<HandleAuthorizationRequestContext>(handler => handler.UseSingletonHandler<Authorizations>());
            server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseSingletonHandler<OwnChecks>());
            server.AddEventHandler<ValidatePushedAuthorizationRequestContext>(handler => handler.UseSingletonHandler<OwnChecks>());
            server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseSingletonHandler<OwnChecks>());
            server.AddEventHandler<ValidateIntrospectionRequestContext>(handler => handler.UseSingletonHandler<OwnChecks>());
        }
        else
        {
            server.AddEventHandler<HandleAuthorizationRequestContext>(handler => handler.UseScopedHandler<StoredAuthorizations>());
        }
    }
}
