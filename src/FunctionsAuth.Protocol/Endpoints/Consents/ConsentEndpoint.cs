using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Sessions;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Consents;

/// <summary>The consent page of an authorization request.</summary>
public sealed class ConsentEndpoint(RequestParking parking, SessionReader sessions, ScopeRegistry scopes, NextSteps steps, AuthorizationFlow flow, IPages pages) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(ConsentEndpoint));

    private const string Purpose = "consent";

    public override EndpointRules Rules { get; } = new(EndpointReader.Person, CorsPolicy.None, HttpMethods.Get, HttpMethods.Post);

    public override Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation) =>
        HttpMethods.IsPost(http.Request.Method) ? SubmitAsync(http, cancellation) : ShowAsync(http, cancellation);

    private async Task<IResult> ShowAsync(HttpContext http, CancellationToken cancellation)
    {
        var query = Parameters.FromQuery(http.Request);
        var (parked, request, browser) = await parking.FindAsync(http, query[PageFields.Request], cancellation);
        var user = await sessions.FindAsync(http, request.Client.ClientId, cancellation);
        if (await steps.OfAsync(request, user, parked, cancellation) != NextStep.Consent || await steps.AllowedAsync(request, user.Session!, cancellation) is not { } allowed)
            return await flow.ContinueAsync(http, request, user, parked, cancellation);
        return pages.Show(Page(parked, allowed, user, browser, await scopes.LoadAsync(cancellation)));
    }

    private async Task<IResult> SubmitAsync(HttpContext http, CancellationToken cancellation)
    {
        var form = await Parameters.FromBodyAsync(http.Request);
        var (parked, request, browser) = await parking.FindAsync(http, form[PageFields.Request], cancellation);
        var user = await sessions.FindAsync(http, request.Client.ClientId, cancellation);
        if (await steps.OfAsync(request, user, parked, cancellation) is NextStep.Login or NextStep.SignUp or NextStep.NoAccess
            || await steps.AllowedAsync(request, user.Session!, cancellation) is not { } allowed)
            return await flow.ContinueAsync(http, request, user, parked, cancellation);
        if (!FormToken.IsValid(form[PageFields.FormToken], browser, WhatWasAsked(parked, allowed, user.Session!)))
            throw RequestParking.Gone();
        if (form[PageFields.Action] == PageFields.ActionAllow)
            return await flow.IssueAsync(http, request, user, parked, cancellation);
        throw await parking.RefuseAsync(parked, request, OAuthError.Denied("The user did not allow it"), cancellation);
    }

    /// <summary>
    /// The token names the session, too: what one user was asked, another one who signed in meanwhile can't answer. And where groups decide, it
    /// names the scopes: what a new group adds meanwhile, nobody was asked.
    /// </summary>
    private static string[] WhatWasAsked(ParkedRequest parked, AuthorizationRequest allowed, Session session) =>
        [Purpose, parked.Address.ToString(), session.Address.ToString(), .. allowed.Client.HasScopeMaps() ? allowed.Scopes : []];

    private static ConsentPage Page(ParkedRequest parked, AuthorizationRequest request, CurrentUser user, byte[] browser, Catalog catalog)
    {
        var id = parked.Address.ToString();
        var session = user.Session!;
        var given = user.Consent is { IsRevoked: false } ? user.Consent : null;
        return new ConsentPage(id, FormToken.For(browser, WhatWasAsked(parked, request, session)), request.Client.ForPage())
        {
            Username = session.Username,
            Scopes =
            [
                .. request.Scopes.Where(name => name is not (StandardScopes.OpenId or StandardScopes.OfflineAccess)).Select(Describe),
                .. request.MoreClaims.Select(DescribeClaim),
            ],
            Resources = [.. request.Resources.Select(name => catalog.FindResource(name)?.DisplayName ?? name)],
            OfflineAccess = request.WantsOfflineAccess,
            ReturnsTo = Uri.TryCreate(request.Target.RedirectUri, UriKind.Absolute, out var uri) && uri.Host.Length > 0 ? uri.Host : uri!.Scheme,
        };

        ConsentScope DescribeClaim(string name) =>
            new(name, $"Your {name.Replace('_', ' ')}", null, given?.Claims.Contains(name) == true);

        ConsentScope Describe(string name)
        {
            var scope = catalog.FindScope(name);
            return new ConsentScope(name, scope?.DisplayName ?? name, scope?.Description, given?.Scopes.Contains(name) == true);
        }
    }
}
