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

/// <summary>The form of the consent page, and its answer.</summary>
internal sealed class ConsentForm(ConsentQuestion question, ParkedRequest parked, Session session)
{
    private const string Purpose = "consent";

    private AuthorizationRequest Request => question.Request;

    /// <summary>
    /// The token contains the session, so that another user who signed in meanwhile cannot answer. It also contains everything that was asked, so
    /// that the user does not consent to things that an operator or a new group added meanwhile.
    /// </summary>
    private string[] WhatWasAsked => [Purpose, parked.Address.ToString(), session.Address.ToString(), .. question.Asked];

    /// <summary>A page of the previous release, on which nothing could be declined.</summary>
    private string[] WhatWasAskedBefore =>
        [Purpose, parked.Address.ToString(), session.Address.ToString(), .. Request.Client.HasScopeMaps() ? Request.Scopes : []];

    public bool IsOwn(string? token, byte[] browser) => FormToken.IsValid(token, browser, WhatWasAsked) || IsOfBefore(token, browser);

    /// <summary>Only the fields that were asked are read from the form. All others are ignored.</summary>
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
            // For a user who is not the one that the client asks for, this would only end in an error.
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
            // The operator may have changed the catalog between two reads.
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

    /// <summary>The previous release did not support authorization details, so its page did not show any.</summary>
    private bool IsOfBefore(string? token, byte[] browser) => Request.Details.Count == 0 && FormToken.IsValid(token, browser, WhatWasAskedBefore);

    private string? FieldOf(string scope) => question.CanLeaveOutScope(scope) ? PageFields.ScopePrefix + scope : null;
}
