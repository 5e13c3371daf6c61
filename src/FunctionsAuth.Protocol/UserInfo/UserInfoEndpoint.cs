using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Token;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.UserInfo;

/// <summary>The userinfo endpoint: OpenID Connect Core §5.3. The token comes in the header or in a form body (RFC 6750 §2), never in the query.</summary>
public sealed class UserInfoEndpoint(AccessTokenReader tokens, IUserStore users, ClientRegistry clients, ScopeRegistry scopes, ServerUrls urls) : ServerEndpoint
{
    public override EndpointRules Rules { get; } = new(EndpointAudience.Client, CorsPolicy.RegisteredOrigins, HttpMethods.Get, HttpMethods.Post);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        var presented = await ReadTokenAsync(http.Request);
        var token = await tokens.ReadAsync(presented, cancellation) ?? throw NotValid();
        var client = await clients.FindAsync(token.ClientId, cancellation) ?? throw NotValid();
        Cors.Concerns(http, client);
        CheckScope(token);

        var live = tokens.IsLiveAsync(token, cancellation);
        var user = users.FindAsync(token.Subject, cancellation);
        await Task.WhenAll(live, user);
        if (!await live || await user is not { } active || !active.Trusts(token.AuthTime))
            throw NotValid();
        return JsonAnswer.Of(Claims(active, token.Scopes, await scopes.LoadAsync(cancellation)));
    }

    /// <summary>RFC 6750 §2: one method at a time.</summary>
    private static async Task<string> ReadTokenAsync(HttpRequest request)
    {
        const string scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        var fromHeader = header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? header[scheme.Length..].Trim() : null;
        var fromBody = HttpMethods.IsPost(request.Method) && request.HasFormContentType
            ? (await Parameters.FromBodyAsync(request)).WithoutRepeated()[Parameter.AccessToken]
            : null;
        if (fromHeader is not null && fromBody is not null)
            throw OAuthError.BadBearer("invalid_request", "The access token is there twice", StatusCodes.Status400BadRequest);
        return fromHeader ?? fromBody ?? throw OAuthError.Unauthenticated();
    }

    private void CheckScope(AccessToken token)
    {
        if (!token.Scopes.Contains(StandardScopes.OpenId) || !token.Audience.Contains(urls.Issuer))
            throw OAuthError.BadBearer("insufficient_scope", "The access token is not for userinfo: it needs the openid scope", StatusCodes.Status403Forbidden);
    }

    /// <summary>OpenID Connect Core §5.3.2: a claim that the user does not have is left out.</summary>
    private static JsonObject Claims(User user, IReadOnlyList<string> scopes, Catalog catalog)
    {
        var claims = new JsonObject { ["sub"] = user.Subject };
        foreach (var name in scopes.SelectMany(scope => catalog.FindScope(scope)?.Claims ?? []))
        {
            if (user.Claims[name] is { } value)
                claims[name] = value.DeepClone();
            else if (name == "preferred_username")
                claims[name] = user.Username;
        }
        return claims;
    }

    private static OAuthException NotValid() =>
        OAuthError.BadBearer(OAuthError.InvalidToken, "The access token is unknown, expired or revoked", StatusCodes.Status401Unauthorized);
}
