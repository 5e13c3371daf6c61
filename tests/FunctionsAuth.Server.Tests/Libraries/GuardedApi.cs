using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrdersApi;

namespace FunctionsAuth.Server.Tests.Libraries;

/// <summary>An API with the protection of samples/aspnetcore-api, on a test server.</summary>
internal static class GuardedApi
{
    public const string Resource = "https://api.example";

    public static async Task<WebApplication> StartAsync(string issuer, HttpMessageHandler backchannel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer(options => options.BaseAddress = new Uri(Resource));
        builder.Logging.ClearProviders();
        // Before the library makes its client of it.
        builder.Services.PostConfigure<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme, options => options.BackchannelHttpHandler = backchannel);
        builder.Services.AddTokenProtection(new ProtectionOptions { Issuer = issuer, Resource = Resource });
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/orders", (ClaimsPrincipal user) => user.FindFirstValue("sub")).RequireAuthorization();
        app.MapPost("/payments", () => "paid").RequireAuthorization("second-factor");
        await app.StartAsync();
        return app;
    }
}
