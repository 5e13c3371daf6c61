using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Claims;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Sessions;

namespace FunctionsAuth.Protocol.Endpoints.Consents;

/// <summary>The form of the consent page: what stands in it, and what comes back.</summary>
internal sealed class ConsentForm(ConsentQuestion question, ParkedRequest parked, Session session)
{
    private const string Purpose = "consent";

    private AuthorizationRequest Request => question.Request;

    /// <summary>
    /// The token names the session, too: what one user was asked, another one who signed in meanwhile can't answer. And it names all that was
    /// asked: what the operator or a new group adds meanwhile, nobody was asked.
    /// </summary>
    private string[] WhatWasAsked => [Purpose, parked.Address.ToString(), session.Address.ToString(), .. question.Asked];

    /// <summary>A page of the release before this one, on which nothing could be left out.</summary>
    private string[] WhatWasAskedBefore =>
        [Purpose, parked.Address.ToString(), session.Address.ToString(), .. Request.Client.HasScopeMaps() ? Request.Scopes : []];

    public bool IsOwn(string? token, byte[] browser) => FormToken.IsValid(token, browser, WhatWasAsked) || IsOfBefore(token, browser);

    /// <summary>Only what was asked is looked for in the form: whatever else somebody posts counts for nothing.</summary>
    /// <inheritdoc cref="ConsentQuestion.Answer"/>
    public AuthorizationRequest? Answer(Parameters form, byte[] browser) => IsOfBefore(form[PageFields.FormToken], browser)
        ? question.Answer(_ => true, _ => true)
        : question.Answer(name => form[PageFields.ScopePrefix + name] == PageFields.True, name => form[PageFields.ClaimPrefix + name] == PageFields.True);

    public ConsentPage For(CurrentUser user, byte[] browser)
    {
        var given = user.Consent is { IsRevoked: false } ? user.Consent : null;
        return new ConsentPage(parked.Address.ToString(), FormToken.For(browser, WhatWasAsked), Request.Client.ForPage())
        {
            Username = session.Username,
            // Who is somebody else than the client asks for would only bring it an error.
            SwitchAddress = Request.ExpectedSubject is null ? $"{Routes.Login}?{PageAddress.Of(parked, PageFields.AnotherAccount)}" : null,
            Scopes =
            [
                .. Request.Scopes.Where(name => name is not (StandardScopes.OpenId or StandardScopes.OfflineAccess)).Select(Describe),
                .. Request.MoreClaims.Select(DescribeClaim),
            ],
            Details = [.. Request.Details.Select(Show)],
            Resources = [.. question.Catalog.ShownResources(Request.Resources)],
            OfflineAccess = Request.WantsOfflineAccess,
            OfflineAccessField = FieldOf(StandardScopes.OfflineAccess),
            ReturnsTo = Uri.TryCreate(Request.Target.RedirectUri, UriKind.Absolute, out var uri) && uri.Host.Length > 0 ? uri.Host : uri!.Scheme,
        };

        ConsentDetail Show(AuthorizationDetail detail)
        {
            // Between two reads of the catalog the operator may have changed it.
            var form = question.Catalog.FindDetailsType(detail.Type)?.Form ?? throw RequestParking.Gone();
            return new ConsentDetail(question.Catalog.ShownDetailsType(detail.Type), [.. form.LinesOf(detail)]);
        }

        ConsentScope DescribeClaim(string name) =>
            new(name, ClaimLabels.Of(name), null, given?.Claims.Contains(name) == true, question.CanLeaveOutClaims ? PageFields.ClaimPrefix + name : null);

        ConsentScope Describe(string name)
        {
            var scope = question.Catalog.FindScope(name);
            var description = scope?.Description is { } text ? Phrase.Named(text, LocalTexts.Of(scope.Localized, "description")) : null;
            return new ConsentScope(name, question.Catalog.ShownScope(name), description, given?.Scopes.Contains(name) == true, FieldOf(name));
        }
    }

    /// <summary>That release knew no details, so its page did not show any.</summary>
    private bool IsOfBefore(string? token, byte[] browser) => Request.Details.Count == 0 && FormToken.IsValid(token, browser, WhatWasAskedBefore);

    private string? FieldOf(string scope) => question.CanLeaveOutScope(scope) ? PageFields.ScopePrefix + scope : null;
}
