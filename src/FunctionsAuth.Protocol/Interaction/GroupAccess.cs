using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Claims;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Tokens;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Interaction;

/// <summary>Applies the groups of a user to an authorization request.</summary>
public sealed class GroupAccess(ScopeRegistry scopes, AccessPolicy policy, IPages pages, AuthorizationResponder responder, SecurityEvents events)
{
    /// <returns>The request that this user may make; null when the groups give no access to the client.</returns>
    public async ValueTask<AuthorizationRequest?> NarrowAsync(AuthorizationRequest request, Session session, CancellationToken cancellation)
    {
        if (!request.Client.HasScopeMaps())
            return request;
        var catalog = await scopes.LoadAsync(cancellation);
        if (policy.ForMember(session.Groups, request.Client, catalog, request.Scopes, request.Resources, request.Details) is not var (own, granted, resources))
            return null;
        var permitted = ClaimsRequest.Permitted(own, catalog);
        return request with
        {
            Target = request.Target with { Client = own },
            Scopes = granted,
            Resources = resources,
            MoreClaims = [.. request.MoreClaims.Where(permitted.Contains)],
        };
    }

    /// <summary>Shows the user whom to ask, and tells the client when the user goes back. With <c>prompt=none</c> the client is told at once.</summary>
    /// <exception cref="OAuthException"><c>access_denied</c>, with <c>prompt=none</c>.</exception>
    public async Task<IResult> RefuseAsync(AuthorizationRequest request, Session session, CancellationToken cancellation)
    {
        await events.NotAdmittedAsync(session.Subject, request.Client.ClientId);
        var error = OAuthError.Denied("The user is in no group that may use this client");
        var target = request.Target with { IsForSignedIn = true };
        if (request.IsSilent)
            throw error.To(target);
        var address = await responder.AddressOfAsync(target, error, cancellation);
        return pages.Show(new NoAccessPage(request.Client.ForPage(), address) { Username = session.Username, Contacts = request.Client.Contacts });
    }
}
