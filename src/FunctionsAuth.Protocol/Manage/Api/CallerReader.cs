using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Tokens;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Manage.Api;

/// <summary>Identifies the caller by an access token of this server for the management API: RFC 6750, RFC 8705 and RFC 9449.</summary>
public sealed class CallerReader(AccessTokenReader tokens, ClientRegistry clients, TokenPossession possession, ServerUrls urls, ServerOptions options)
{
    private static readonly ResourceGuard Guard = new("manage");

    /// <summary>
    /// Reads the token, and checks with the grant, the user and the consent whether it is still valid. Scopes that the groups of the user no longer
    /// give are removed at once.
    /// </summary>
    /// <param name="needed">The scope of the operation; null if a token without any scope is enough.</param>
    /// <exception cref="OAuthException">The challenge names the missing scope and the address of the metadata.</exception>
    public async Task<Caller> ReadAsync(HttpContext http, string? needed, CancellationToken cancellation)
    {
        try
        {
            return await FindAsync(http, needed, cancellation);
        }
        // RFC 9728 §5.1: tells the client where the metadata is.
        catch (OAuthException e) when (e.Challenge is not null)
        {
            throw e.WithChallenge("resource_metadata", urls.ManageMetadata);
        }
    }

    private async Task<Caller> FindAsync(HttpContext http, string? needed, CancellationToken cancellation)
    {
        var presented = PresentedToken.InHeader(http.Request) ?? throw Guard.Unauthenticated();
        var token = await tokens.ReadAsync(presented.Token, cancellation) ?? throw Guard.NotValid();
        // Another API in the audience receives the token too, and could use it here.
        if (!token.Audience.Contains(urls.ManageResource) || token.Audience.Except([urls.ManageResource, urls.Issuer]).Any())
            throw Guard.NotValid("The access token is for another API");
        var client = await clients.FindAsync(token.ClientId, cancellation) ?? throw Guard.NotValid();
        Cors.Concerns(http, client);
        if (needed is not null && !token.Scopes.Contains(needed))
            throw Insufficient(needed);
        await possession.CheckAsync(http, presented, token, client, Guard, http.Request.Path.ToUriComponent().TrimStart('/'), cancellation);
        var live = await tokens.FindLiveAsync(token, client, cancellation) ?? throw Guard.NotValid();
        CheckLevel(client, live);
        // Scopes that were taken from the client since then are removed at once.
        List<string> scopes = [.. live.Scopes.Where(ManageScopes.Contains).Where(live.Client.Scopes.Contains)];
        if (needed is not null && !scopes.Contains(needed))
            throw Insufficient(needed);
        return live.User is { } user ? new Caller(user.Subject, user.Username, true, scopes) : new Caller(client.ClientId, client.ClientId, false, scopes);
    }

    /// <summary>RFC 9470 §3: a manager must have signed in with a second factor, and at the level that the client requires.</summary>
    private void CheckLevel(Client client, LiveToken live)
    {
        if (live.Grant is not { } grant)
            return;
        var ofClient = client.RequiredAcr is { } acr ? AuthenticationContexts.LevelOf(acr) ?? AuthenticationLevel.Passkey : AuthenticationLevel.Password;
        var ofServer = options.Manage.RequireSecondFactor ? AuthenticationLevel.MultiFactor : AuthenticationLevel.Password;
        var wanted = ofClient > ofServer ? ofClient : ofServer;
        if (AuthenticationContexts.LevelOf(grant.Amr) < wanted)
            throw Guard.Refuse("insufficient_user_authentication", "The user must sign in again with a second factor", StatusCodes.Status401Unauthorized, (Parameter.AcrValues, AuthenticationContexts.NameOf(wanted)!));
    }

    /// <summary>RFC 6750 §3.1.</summary>
    private static OAuthException Insufficient(string scope) =>
        Guard.Refuse("insufficient_scope", "The access token does not have the required scope, or the groups of the user do not give that scope", StatusCodes.Status403Forbidden, (Parameter.Scope, scope));
}
