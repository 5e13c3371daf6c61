using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace OpenIddictPeer;

/// <summary>What a token endpoint of the documentation does: a client's own token, and a new principal for a code or a refresh token.</summary>
internal sealed class TokenRequests : IOpenIddictServerHandler<HandleTokenRequestContext>
{
    public ValueTask HandleAsync(HandleTokenRequestContext context)
    {
        if (context.Request.IsClientCredentialsGrantType())
        {
            var identity = Principals.NewIdentity(context.Request.ClientId!);
            identity.SetScopes(context.Request.GetScopes());
            identity.SetResources(PeerClients.Api);
            context.SignIn(new ClaimsPrincipal(identity));
        }
        else
        {
            context.SignIn(context.Principal!);
        }
        return default;
    }
}

/// <summary>The authorization endpoint without stores: a user with a session gets a code.</summary>
internal sealed class Authorizations : IOpenIddictServerHandler<HandleAuthorizationRequestContext>
{
    public async ValueTask HandleAsync(HandleAuthorizationRequestContext context)
    {
        if (await Principals.SignedInAsync(context) is { } identity)
            context.SignIn(new ClaimsPrincipal(identity));
    }
}

/// <summary>The same with stores: the consent is a permanent authorization, to which all tokens belong.</summary>
internal sealed class StoredAuthorizations(IOpenIddictApplicationManager applications, IOpenIddictAuthorizationManager authorizations)
    : IOpenIddictServerHandler<HandleAuthorizationRequestContext>
{
    public async ValueTask HandleAsync(HandleAuthorizationRequestContext context)
    {
        if (await Principals.SignedInAsync(context) is not { } identity)
            return;
        var application = await applications.FindByClientIdAsync(context.ClientId!) ?? throw new InvalidOperationException("The client is gone.");
        var client = await applications.GetIdAsync(application);
        var subject = identity.GetClaim(Claims.Subject);
        object? consent = null;
        await foreach (var known in authorizations.FindAsync(subject, client, Statuses.Valid, AuthorizationTypes.Permanent, context.Request.GetScopes()))
        {
            consent = known;
            break;
        }
        consent ??= await authorizations.CreateAsync(identity, subject!, client!, AuthorizationTypes.Permanent, context.Request.GetScopes());
        identity.SetAuthorizationId(await authorizations.GetIdAsync(consent));
        context.SignIn(new ClaimsPrincipal(identity));
    }
}

/// <summary>What degraded mode leaves to the app: clients, their secrets and their redirect URIs.</summary>
internal sealed class OwnChecks :
    IOpenIddictServerHandler<ValidateAuthorizationRequestContext>, IOpenIddictServerHandler<ValidatePushedAuthorizationRequestContext>,
    IOpenIddictServerHandler<ValidateTokenRequestContext>, IOpenIddictServerHandler<ValidateIntrospectionRequestContext>
{
    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        if (PeerClients.Find(context.ClientId)?.RedirectUri?.AbsoluteUri != context.RedirectUri)
            context.Reject(Errors.InvalidClient);
        return default;
    }

    public ValueTask HandleAsync(ValidatePushedAuthorizationRequestContext context)
    {
        if (!IsAuthenticated(context.ClientId, context.Request.ClientSecret) || PeerClients.Find(context.ClientId)?.RedirectUri?.AbsoluteUri != context.RedirectUri)
            context.Reject(Errors.InvalidClient);
        return default;
    }

    public ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        if (!IsAuthenticated(context.ClientId, context.ClientSecret))
            context.Reject(Errors.InvalidClient);
        else if (!PeerClients.Find(context.ClientId)!.GrantTypes.Contains(context.Request.GrantType) || context.Request.GetScopes().Except(PeerClients.Find(context.ClientId)!.Scopes).Any())
            context.Reject(Errors.InvalidScope);
        return default;
    }

    public ValueTask HandleAsync(ValidateIntrospectionRequestContext context)
    {
        if (!IsAuthenticated(context.ClientId, context.ClientSecret))
            context.Reject(Errors.InvalidClient);
        return default;
    }

    private static bool IsAuthenticated(string? id, string? secret) => PeerClients.Find(id) is { } client && PeerClients.Matches(secret, client.Secret);
}

internal static class Principals
{
    private static readonly ImmutableArray<string> InAccessToken = [Destinations.AccessToken];

    public static ClaimsIdentity NewIdentity(string subject)
    {
        var identity = new ClaimsIdentity(TokenValidationParameters.DefaultAuthenticationType, Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, subject);
        identity.SetDestinations(static _ => InAccessToken);
        return identity;
    }

    /// <summary>The user of the session. Without one, the browser is sent to the login page.</summary>
    public static async Task<ClaimsIdentity?> SignedInAsync(HandleAuthorizationRequestContext context)
    {
        var http = context.Transaction.GetHttpRequest()!.HttpContext;
        var session = await http.AuthenticateAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        if (session.Principal?.GetClaim(Claims.Subject) is not { } subject)
        {
            await http.ChallengeAsync(CookieAuthenticationDefaults.AuthenticationScheme, new AuthenticationProperties { RedirectUri = http.Request.PathBase + http.Request.Path + http.Request.QueryString });
            context.HandleRequest();
            return null;
        }
        var identity = NewIdentity(subject);
        identity.SetScopes(context.Request.GetScopes());
        return identity;
    }
}
