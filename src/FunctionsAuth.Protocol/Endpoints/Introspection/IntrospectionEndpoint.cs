using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.ClientAuthentication;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.GrantTypes;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Tokens;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Introspection;

/// <summary>
/// Token introspection: RFC 7662. A client may ask about its own tokens, and an API about access tokens for a resource
/// that lists it. Everything else is just not active, so that nobody learns about tokens of others (§4).
/// </summary>
public sealed class IntrospectionEndpoint(
    ClientAuthenticator authenticator, ClientRegistry clients, ScopeRegistry scopes, AccessTokenReader tokens, RefreshTokenIntrospection refreshTokens) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(IntrospectionEndpoint))
    {
        Describe = (metadata, server) =>
        {
            metadata["introspection_endpoint"] = server.Urls.Of(Routes.Introspect);
            server.DescribeAuthentication(metadata, "introspection", method => method.IsProof);
        },
        Parts = [typeof(RefreshTokenIntrospection)],
    };

    public override EndpointRules Rules { get; } = new(EndpointReader.Program, CorsPolicy.None, HttpMethods.Post);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        var form = (await Parameters.FromBodyAsync(http.Request)).RefuseRepeated();
        var caller = await authenticator.AuthenticateConfidentialAsync(http, form, cancellation);
        var token = form[Parameter.Token] ?? throw OAuthError.InvalidRequest("The token is required");
        // The two kinds look different, so the hint (§2.1) is not needed.
        var answer = Handle.TryParse(token, HandleKind.RefreshToken, out var handle)
            ? await refreshTokens.DescribeAsync(handle, caller, cancellation)
            : await DescribeAsync(await tokens.ReadAsync(token, cancellation), caller, cancellation);
        return JsonAnswer.Of(answer ?? new JsonObject { ["active"] = false });
    }

    private async Task<JsonObject?> DescribeAsync(AccessToken? token, Client caller, CancellationToken cancellation)
    {
        var catalog = await scopes.LoadAsync(cancellation);
        if (token is null || !MayAsk(caller, token, catalog))
            return null;
        if (await clients.FindAsync(token.ClientId, cancellation) is not { } client || await tokens.FindLiveAsync(token, client, cancellation) is not { } live)
            return null;
        var answer = token.Claims;
        // What the groups give now, and not what they gave when the token was issued.
        GroupClaims.Of(client, catalog, token.Audience).SetIn(answer, live.Groups);
        if (live.Scopes.Count < token.Scopes.Count)
            answer["scope"] = string.Join(' ', live.Scopes);
        answer["active"] = true;
        answer["token_type"] = TokenTypes.Of(token.Thumbprint is not null);
        return answer;
    }

    private static bool MayAsk(Client caller, AccessToken token, Catalog catalog) =>
        caller.ClientId == token.ClientId
        || token.Audience.Any(name => catalog.FindResource(name)?.IntrospectedBy.Contains(caller.ClientId) == true);
}
