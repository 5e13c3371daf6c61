using FunctionsAuth.Protocol.Claims;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Account;

/// <summary>The profile: claims that the user can change, and claims that only the operator can change.</summary>
public sealed class ProfileView(OwnAccount account, OwnPages own, RequestLanguage language, ServerOptions options, IPages pages) : AccountView
{
    public const string Name = "profile";

    public override string Route => Name;

    public override Task<IResult> ShowAsync(AccountVisit visit, CancellationToken cancellation) =>
        Task.FromResult(pages.Show(Page(visit, visit.User, claim => ValueOf(visit.User, claim))));

    public override async Task<IResult> SubmitAsync(AccountVisit visit, Parameters form, CancellationToken cancellation)
    {
        // Only fields that the user saw, because the form may be older than the setting.
        var shown = form[PageFields.Claims]?.Split(' ') ?? [];
        var wanted = options.Account.EditableClaimList.Where(shown.Contains).ToDictionary(claim => claim, claim => form[claim]?.Trim() is { Length: > 0 } text ? text : null);
        var page = Page(visit, visit.User, claim => wanted.GetValueOrDefault(claim), withProblems: true);
        if (page.Fields.Any(field => field.Problem is not null))
            return pages.Show(page with { Problem = Phrase.Of($"Nothing was saved. Look at what is marked below."), Status = StatusCodes.Status422UnprocessableEntity });
        return await account.ChangeProfileAsync(visit.User, visit.AuthTime, wanted, cancellation) is { } changed
            ? pages.Show(Page(visit, changed, claim => ValueOf(changed, claim)) with { Done = Phrase.Of($"Your profile is saved.") })
            : Redirect.To(visit.Http, own.SignIn(Name));
    }

    private AccountProfilePage Page(AccountVisit visit, User user, Func<string, string?> valueOf, bool withProblems = false)
    {
        var editable = options.Account.EditableClaimList;
        var text = new ClaimText(language.Language);
        return new AccountProfilePage(Route, visit.FormToken)
        {
            Username = user.Username,
            Fields = [.. editable.Select(claim => new ProfileField(claim, ClaimLabels.Of(claim), valueOf(claim), withProblems && valueOf(claim) is { } value ? ProfileRules.ProblemOf(claim, value) : null))],
            Fixed = [.. user.Claims.Where(claim => !editable.Contains(claim.Key)).Select(claim => new ProfileField(claim.Key, ClaimLabels.Of(claim.Key), text.Of(claim.Key, claim.Value)))],
            Groups = user.Groups,
            MayChangeUsername = options.Account.MayChangeUsername,
            MayChangeEmail = options.Mail.IsConfigured,
        };
    }

    private static string? ValueOf(User user, string claim) => user.Claims[claim]?.ToString();
}
