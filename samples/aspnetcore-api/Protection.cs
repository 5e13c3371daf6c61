using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;

namespace OrdersApi;

/// <summary>Which server issues the tokens, and for which API.</summary>
public sealed class ProtectionOptions
{
    public const string MetadataPath = "/.well-known/oauth-protected-resource";

    public required string Issuer { get; init; }

    /// <summary>The identifier of this API at the server. It is also the public address of this API.</summary>
    public required string Resource { get; init; }

    public string MetadataUrl => Resource + MetadataPath;

    // <metadata>
    /// <summary>RFC 9728: tells clients which server issues tokens for this API.</summary>
    public object Metadata => new
    {
        resource = Resource,
        authorization_servers = new[] { Issuer },
        scopes_supported = new[] { "orders.read", "orders.write" },
        bearer_methods_supported = new[] { "header" },
        dpop_signing_alg_values_supported = DpopProof.Algorithms,
    };
    // </metadata>
}

public static class Protection
{
    public static void AddTokenProtection(this IServiceCollection services, ProtectionOptions protection)
    {
        AddTokens(services, protection.Issuer, protection.Resource);
        services.Configure<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme, options =>
        {
            // RFC 9728 §5.1: a 401 says where the metadata of this API is.
            options.Challenge = $"Bearer resource_metadata=\"{protection.MetadataUrl}\"";
            options.Events = DpopProof.Events(protection.Resource);
        });
        AddPolicies(services);
        services.AddSingleton(protection).AddSingleton<IAuthorizationMiddlewareResultHandler, Challenges>();
    }

    private static void AddTokens(IServiceCollection services, string issuer, string resource)
    {
        // <tokens>
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
        {
            options.Authority = issuer;                                 // the keys come from its metadata
            options.Audience = resource;                                // a token for another API is refused
            options.MapInboundClaims = false;                           // claims keep their names: sub, scope, roles
            options.RequireHttpsMetadata = !new Uri(issuer).IsLoopback; // http is for this machine only
            options.TokenValidationParameters.ValidTypes = ["at+jwt"];  // an ID token is not an access token
            options.TokenValidationParameters.RoleClaimType = "roles";  // for RequireRole and IsInRole
        });
        // </tokens>
    }

    private static void AddPolicies(IServiceCollection services)
    {
        // <policies>
        services.AddAuthorizationBuilder()
            .AddPolicy("orders.read", policy => policy.AddRequirements(new ScopeRequirement("orders.read")))
            .AddPolicy("orders.write", policy => policy.AddRequirements(new ScopeRequirement("orders.write")))
            .AddPolicy("staff", policy => policy.RequireRole("clerk", "admin"))
            .AddPolicy("second-factor", policy => policy.AddRequirements(new LevelRequirement("urn:functionsauth:acr:mfa", "urn:functionsauth:acr:passkey", "phr")));
        // </policies>
    }
}

// <scope>
/// <summary>
/// The claim scope is ONE string with spaces between the scopes (RFC 9068 §2.2.3), such as "openid orders.read".
/// RequireClaim("scope", "orders.read") compares the whole string, so it refuses this token.
/// </summary>
internal sealed class ScopeRequirement(string scope) : AuthorizationHandler<ScopeRequirement>, IAuthorizationRequirement
{
    public string Scope => scope;

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        if (context.User.FindFirstValue("scope")?.Split(' ').Contains(requirement.Scope) == true)
            context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
// </scope>

/// <summary>The claim acr says how the person signed in. One of these levels is enough.</summary>
internal sealed class LevelRequirement(params string[] levels) : AuthorizationHandler<LevelRequirement>, IAuthorizationRequirement
{
    /// <summary>The level that a client asks for in <c>acr_values</c>.</summary>
    public string Wanted => levels[0];

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, LevelRequirement requirement)
    {
        if (levels.Contains(context.User.FindFirstValue("acr")))
            context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
