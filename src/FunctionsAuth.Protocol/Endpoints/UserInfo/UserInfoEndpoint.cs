using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Certificates;
using FunctionsAuth.Protocol.Claims;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Dpop;
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
    AccessTokenReader tokens, ClientRegistry clients, ScopeRegistry scopes, SubjectIdentifiers subjects, JwtSigner signer, ClientCertificates certificates, DpopProofs proofs, DpopNonces nonces, ServerUrls urls) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(UserInfoEndpoint))
    {
        Describe = (metadata, server) =>
        {
            server.DescribeEndpoint(metadata, "userinfo_endpoint", Routes.UserInfo);
            metadata["userinfo_signing_alg_values_supported"] = ServerDescription.Array(server.Features.TokenAlgorithms);
        },
    };

    public override EndpointRules Rules { get; } = new(EndpointReader.Program, CorsPolicy.RegisteredOrigins, HttpMethods.Get, HttpMethods.Post);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        try
        {
            return await AnswerAsync(http, cancellation);
        }
        // RFC 9728 §5.1: where a client learns what it needs.
        catch (OAuthException e) when (e.Challenge is not null)
        {
            throw e.WithChallenge("resource_metadata", urls.UserInfoMetadata);
        }
    }

    private async Task<IResult> AnswerAsync(HttpContext http, CancellationToken cancellation)
    {
        var presented = await ReadTokenAsync(http.Request);
        var token = await tokens.ReadAsync(presented.Token, cancellation) ?? throw NotValid();
        var client = await clients.FindAsync(token.ClientId, cancellation) ?? throw NotValid();
        Cors.Concerns(http, client);
        CheckScope(token);
        CheckCertificate(http, token, client);
        await CheckProofAsync(http, presented, token, cancellation);

        if (await tokens.FindLiveAsync(token, client, cancellation) is not { Grant: { } grant, User: { } user } live)
            throw NotValid();
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

    /// <summary>
    /// OpenID Connect Core §5.3.2. It has no <c>exp</c>, so nobody can take it for an ID token.
    /// </summary>
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

    /// <summary>RFC 8705 §3: a token that is bound to a certificate is good only on a connection that has it.</summary>
    private void CheckCertificate(HttpContext http, AccessToken token, Client client)
    {
        // A token from before the client, or the server, had a profile: FAPI 2.0 Security Profile 5.3.2.1-4.
        if (client.Profile is not null && token.Binding == TokenBinding.None)
            throw OAuthError.BadBearer(OAuthError.InvalidToken, "The access token is bound to no key, and the client's profile wants that", StatusCodes.Status401Unauthorized);
        if (token.Binding.CertificateThumbprint is { } bound && certificates.Read(http)?.Thumbprint != bound)
            throw OAuthError.BadBearer(OAuthError.InvalidToken, "The access token is bound to a certificate, and the TLS connection does not have it", StatusCodes.Status401Unauthorized);
    }

    /// <summary>RFC 9449 §7.1: a token that is bound to a key needs a proof of it, and is no bearer token.</summary>
    private async Task CheckProofAsync(HttpContext http, PresentedToken presented, AccessToken token, CancellationToken cancellation)
    {
        if (!token.Binding.IsDpop && !presented.IsDpop)
            return;
        if (!token.Binding.IsDpop)
            throw BadToken(OAuthError.InvalidToken, "The access token is a bearer token: it needs the scheme Bearer");
        if (!presented.IsDpop)
            throw BadToken(OAuthError.InvalidToken, "The access token is bound to a key: it needs the scheme DPoP and a proof");
        try
        {
            var proof = await proofs.ReadAsync(http.Request, Routes.UserInfo, presented.Token, cancellation) ?? throw OAuthError.InvalidDpopProof("The DPoP proof is missing");
            if (proof.Thumbprint != token.Binding.Jkt)
                throw OAuthError.InvalidDpopProof("The DPoP proof shows another key than the one to which the access token is bound");
            await proofs.UseAsync(proof, cancellation);
        }
        catch (OAuthException e) when (e.Challenge is null)
        {
            throw BadToken(e.Error, e.Description, e.DpopNonce);
        }
        await nonces.TellAsync(http.Response, cancellation);
    }

    private static OAuthException BadToken(string error, string description, string? nonce = null) => new(error, description, StatusCodes.Status401Unauthorized)
    {
        Challenge = $"DPoP error=\"{error}\", error_description=\"{description}\", algs=\"{string.Join(' ', DpopProofs.Algorithms)}\"",
        DpopNonce = nonce,
    };

    /// <param name="IsDpop">It came with the scheme of RFC 9449 §7.1.</param>
    private readonly record struct PresentedToken(string Token, bool IsDpop);

    /// <summary>RFC 6750 §2: one method at a time.</summary>
    private static async Task<PresentedToken> ReadTokenAsync(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        var (fromBearer, fromDpop) = (After("Bearer "), After("DPoP "));
        var fromBody = HttpMethods.IsPost(request.Method) && Parameters.AreInBody(request)
            ? (await Parameters.FromBodyAsync(request)).RefuseRepeated()[Parameter.AccessToken]
            : null;
        if ((fromBearer ?? fromDpop) is not null && fromBody is not null)
            throw OAuthError.BadBearer("invalid_request", "The access token is there twice", StatusCodes.Status400BadRequest);
        return fromDpop is not null ? new(fromDpop, true) : new(fromBearer ?? fromBody ?? throw OAuthError.Unauthenticated(), false);

        string? After(string scheme) => header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? header[scheme.Length..].Trim() : null;
    }

    private void CheckScope(AccessToken token)
    {
        if (!token.Scopes.Contains(StandardScopes.OpenId) || !token.Audience.Contains(urls.Issuer))
            throw OAuthError.BadBearer("insufficient_scope", "The access token is not for userinfo: it needs the openid scope", StatusCodes.Status403Forbidden, (Parameter.Scope, StandardScopes.OpenId));
    }

    /// <summary>RFC 9470 §3: the operator asks more of who uses the client than when the person signed in. A new authorization request asks the person.</summary>
    private static void CheckLevel(Client client, Grant grant)
    {
        if (client.RequiredAcr is { } acr && AuthenticationContexts.LevelOf(grant.Amr) < AuthenticationContexts.LevelOf(acr))
            throw OAuthError.BadBearer("insufficient_user_authentication", "The user must sign in more surely than for this access token", StatusCodes.Status401Unauthorized, (Parameter.AcrValues, acr));
    }

    private static OAuthException NotValid() =>
        OAuthError.BadBearer(OAuthError.InvalidToken, "The access token is unknown, expired or revoked", StatusCodes.Status401Unauthorized);
}
