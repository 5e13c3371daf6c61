using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Claims;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Jwt;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Tokens;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.UserInfo;

/// <summary>The userinfo endpoint: OpenID Connect Core §5.3. The token comes in the header or in a form body (RFC 6750 §2), never in the query.</summary>
public sealed class UserInfoEndpoint(
    AccessTokenReader tokens, ClientRegistry clients, ScopeRegistry scopes, SubjectIdentifiers subjects, JwtSigner signer, TokenPossession possession, ServerUrls urls) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(UserInfoEndpoint))
    {
        Describe = (metadata, server) =>
        {
            server.DescribeEndpoint(metadata, "userinfo_endpoint", Routes.UserInfo);
            metadata["userinfo_signing_alg_values_supported"] = ServerDescription.Array(server.Features.TokenAlgorithms);
        },
    };

    private static readonly ResourceGuard Guard = new("userinfo");

    public override EndpointRules Rules { get; } = new(EndpointReader.Program, CorsPolicy.RegisteredOrigins, HttpMethods.Get, HttpMethods.Post);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        try
        {
            return await AnswerAsync(http, cancellation);
        }
        // RFC 9728 §5.1: tells the client where the metadata is.
        catch (OAuthException e) when (e.Challenge is not null)
        {
            throw e.WithChallenge("resource_metadata", urls.UserInfoMetadata);
        }
    }

    private async Task<IResult> AnswerAsync(HttpContext http, CancellationToken cancellation)
    {
        var presented = await ReadTokenAsync(http.Request);
        var token = await tokens.ReadAsync(presented.Token, cancellation) ?? throw Guard.NotValid();
        var client = await clients.FindAsync(token.ClientId, cancellation) ?? throw Guard.NotValid();
        Cors.Concerns(http, client);
        CheckScope(token);
        await possession.CheckAsync(http, presented, token, client, Guard, Routes.UserInfo, cancellation);

        if (await tokens.FindLiveAsync(token, client, cancellation) is not { Grant: { } grant, User: { } user } live)
            throw Guard.NotValid();
        CheckLevel(client, grant);
        var claims = new JsonObject { ["sub"] = await subjects.OfAsync(client, user.Subject, cancellation) };
        var catalog = await scopes.LoadAsync(cancellation);
        foreach (var (name, value) in UserClaims.OfScopes(user, live.Scopes, catalog))
            claims[name] = value?.DeepClone();
        if (grant.Claims is { } requested)
            claims.AddRequested(user, requested.UserInfo, live.Client, catalog);
        GroupClaims.Of(client).SetIn(claims, user.Groups);
        return client.UserinfoSignedResponseAlg is { } algorithm ? await SignedAsync(claims, client, algorithm, cancellation) : JsonAnswer.Of(claims);
    }

    /// <summary>OpenID Connect Core §5.3.2. It has no <c>exp</c>, so that it cannot be mistaken for an ID token.</summary>
    private async Task<IResult> SignedAsync(JsonObject claims, Client client, string algorithm, CancellationToken cancellation)
    {
        var jwt = await signer.SignAsync(algorithm, JwtTypes.UserInfo, Write, cancellation);
        return Results.Text(jwt, "application/jwt");

        void Write(Utf8JsonWriter json)
        {
            json.WriteString("iss", urls.Issuer);
            json.WriteString("aud", client.ClientId);
            foreach (var (name, value) in claims)
            {
                json.WritePropertyName(name);
                value!.WriteTo(json);
            }
        }
    }

    /// <summary>RFC 6750 §2: the token can be sent by one method only.</summary>
    private static async Task<PresentedToken> ReadTokenAsync(HttpRequest request)
    {
        var inHeader = PresentedToken.InHeader(request);
        var fromBody = HttpMethods.IsPost(request.Method) && Parameters.AreInBody(request)
            ? (await Parameters.FromBodyAsync(request)).RefuseRepeated()[Parameter.AccessToken]
            : null;
        if (inHeader is not null && fromBody is not null)
            throw Guard.Refuse("invalid_request", "The access token was sent twice: send it only once", StatusCodes.Status400BadRequest);
        return inHeader ?? new(fromBody ?? throw Guard.Unauthenticated(), false);
    }

    private void CheckScope(AccessToken token)
    {
        if (!token.Scopes.Contains(StandardScopes.OpenId) || !token.Audience.Contains(urls.Issuer))
            throw Guard.Refuse("insufficient_scope", "The access token does not have the scope openid, which userinfo requires", StatusCodes.Status403Forbidden, (Parameter.Scope, StandardScopes.OpenId));
    }

    /// <summary>
    /// RFC 9470 §3: since this login, the operator has raised the level that users of the client need. The error makes the client send a new
    /// authorization request.
    /// </summary>
    private static void CheckLevel(Client client, Grant grant)
    {
        if (client.RequiredAcr is { } acr && AuthenticationContexts.LevelOf(grant.Amr) < AuthenticationContexts.LevelOf(acr))
            throw Guard.Refuse("insufficient_user_authentication", "The user must sign in again with a stronger method than for this access token", StatusCodes.Status401Unauthorized, (Parameter.AcrValues, acr));
    }
}
