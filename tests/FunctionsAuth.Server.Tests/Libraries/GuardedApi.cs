using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FunctionsAuth.Server.Tests.Libraries;

/// <summary>The API of docs/apis.md, which has what stands between the marks, word for word.</summary>
internal static class GuardedApi
{
    private static readonly MemoryCache Used = new(new MemoryCacheOptions { SizeLimit = 100_000 });

    public static async Task<WebApplication> StartAsync(string issuer, HttpMessageHandler backchannel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer(options => options.BaseAddress = new Uri("https://api.example"));
        builder.Logging.ClearProviders();
        builder.Services.AddAuthorization();
        // Before the library makes its client of it.
        builder.Services.PostConfigure<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme, options => options.BackchannelHttpHandler = backchannel);
        Guard(builder, issuer);
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/orders", (ClaimsPrincipal user) => user.FindFirstValue("sub")).RequireAuthorization();
        StepUp(app);
        await app.StartAsync();
        return app;
    }

    private static void Guard(WebApplicationBuilder builder, string issuer)
    {
        // <guard>
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
        {
            options.Authority = issuer;
            options.Audience = "https://api.example";
            options.MapInboundClaims = false;
            options.TokenValidationParameters.ValidTypes = ["at+jwt"];
            options.Events = new JwtBearerEvents
            {
                OnMessageReceived = context => Task.FromResult(context.Token = DpopToken(context.Request)),
                OnTokenValidated = async context =>
                {
                    var token = (JsonWebToken)context.SecurityToken;
                    var isBound = token.TryGetPayloadValue<JsonElement>("cnf", out var cnf);
                    if (isBound != (DpopToken(context.Request) is not null) || (isBound && !await IsProvenAsync(context.Request, token.EncodedToken, cnf)))
                        context.Fail("A token that is bound to a key needs the scheme DPoP and a proof, and no other token may have them.");
                },
            };
        });
        // </guard>
    }

    private static void StepUp(WebApplication app)
    {
        // <step-up>
        app.MapPost("/payments", () => "paid").RequireAuthorization().AddEndpointFilter(async (context, next) =>
        {
            if (context.HttpContext.User.FindFirstValue("acr") is "urn:functionsauth:acr:mfa" or "urn:functionsauth:acr:passkey" or "phr")
                return await next(context);
            context.HttpContext.Response.Headers.WWWAuthenticate = "Bearer error=\"insufficient_user_authentication\", acr_values=\"urn:functionsauth:acr:mfa\"";
            return Results.StatusCode(StatusCodes.Status401Unauthorized);
        });
        // </step-up>
    }

    // <proof>
    private static string? DpopToken(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header && header.StartsWith("DPoP ", StringComparison.OrdinalIgnoreCase) ? header[5..].Trim() : null;

    private static async Task<bool> IsProvenAsync(HttpRequest request, string token, JsonElement cnf)
    {
        try
        {
            var proof = new JsonWebToken(request.Headers["DPoP"].Single());
            var jwk = new JsonWebKey(proof.GetHeaderValue<JsonElement>("jwk").GetRawText());
            var rules = new TokenValidationParameters { IssuerSigningKey = jwk, ValidAlgorithms = ["ES256", "PS256"], ValidTypes = ["dpop+jwt"], ValidateIssuer = false, ValidateAudience = false, ValidateLifetime = false };
            return !jwk.HasPrivateKey && cnf.GetProperty("jkt").GetString() == Base64Url.EncodeToString(jwk.ComputeJwkThumbprint())
                && (await new JsonWebTokenHandler().ValidateTokenAsync(proof.EncodedToken, rules)).IsValid
                && proof.GetPayloadValue<string>("htm") == request.Method
                && proof.GetPayloadValue<string>("htu") == $"{request.Scheme}://{request.Host}{request.Path}"
                && proof.GetPayloadValue<string>("ath") == Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token)))
                && Math.Abs(proof.GetPayloadValue<long>("iat") - DateTimeOffset.UtcNow.ToUnixTimeSeconds()) <= 60
                && proof.Id.Length > 0 && IsNew(proof.Id);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or KeyNotFoundException or JsonException or SecurityTokenException)
        {
            return false;
        }
    }

    private static bool IsNew(string id)
    {
        lock (Used)
            return !Used.TryGetValue(id, out _) && Used.Set(id, true, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(3) }) && Used.TryGetValue(id, out _); // not if it is full
    }
    // </proof>
}
