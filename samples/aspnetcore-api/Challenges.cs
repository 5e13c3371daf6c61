using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace OrdersApi;

/// <summary>Tells a client whose token is valid but not sufficient which token it needs.</summary>
internal sealed class Challenges(ProtectionOptions protection) : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler others = new();

    // <challenges>
    public Task HandleAsync(RequestDelegate next, HttpContext http, AuthorizationPolicy policy, PolicyAuthorizationResult result)
    {
        var missing = result.AuthorizationFailure?.FailedRequirements ?? [];
        if (missing.OfType<ScopeRequirement>().FirstOrDefault() is { } scope)
        {
            // RFC 6750 §3.1: the client may ask for a token with this scope.
            return Answer(http, StatusCodes.Status403Forbidden, $"error=\"insufficient_scope\", scope=\"{scope.Scope}\"");
        }
        if (missing.OfType<LevelRequirement>().FirstOrDefault() is { } level)
        {
            // RFC 9470 §3: the client may send the person to the server with these acr_values.
            return Answer(http, StatusCodes.Status401Unauthorized, $"error=\"insufficient_user_authentication\", acr_values=\"{level.Wanted}\"");
        }
        return others.HandleAsync(next, http, policy, result); // 401 by JwtBearer; 403 without a challenge for a missing role, which no client can ask for
    }
    // </challenges>

    private Task Answer(HttpContext http, int status, string error)
    {
        var scheme = DpopProof.TokenOf(http.Request) is null ? "Bearer" : "DPoP";
        http.Response.StatusCode = status;
        http.Response.Headers.WWWAuthenticate = $"{scheme} {error}, resource_metadata=\"{protection.MetadataUrl}\"";
        return Task.CompletedTask;
    }
}
