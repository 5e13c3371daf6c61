using System.Buffers.Text;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Passkeys;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Account;

/// <summary>The passkeys of the user. Adding one requires the script of the page. Everything else works without script.</summary>
public sealed class PasskeysView(PasskeyKeeper keeper, RelyingParty party, RequestSource source, RequestLanguage language, IPages pages) : AccountView
{
    public override string Route => AccountRoutes.Passkeys;

    public override bool IsSensitive => true;

    public override Task<IResult> ShowAsync(AccountVisit visit, CancellationToken cancellation) => ShowAsync(visit, null, null, cancellation);

    public override async Task<IResult> SubmitAsync(AccountVisit visit, Parameters form, CancellationToken cancellation)
    {
        if (!party.HasPasskeys)
            throw OAuthError.NoPage();
        var (key, name) = (form[PageFields.Passkey], (form[PageFields.Name] ?? "").Trim());
        var (problem, done) = form[PageFields.Action] switch
        {
            PageFields.ActionAddPasskey => (await AddAsync(visit, form, name, cancellation), Phrase.Of($"The passkey is added. From now on it signs you in.")),
            PageFields.ActionRename => (await RenameAsync(visit, key, name, cancellation), Phrase.Of($"The passkey is renamed.")),
            PageFields.ActionRemove => (await keeper.RemoveAsync(visit.User, key, cancellation), Phrase.Of($"The passkey is removed. You may delete it on your device, too.")),
            _ => (null, null),
        };
        return await ShowAsync(visit, problem, problem is null ? done : null, cancellation);
    }

    private Task<Phrase?> AddAsync(AccountVisit visit, Parameters form, string name, CancellationToken cancellation) => keeper.AddAsync(
        visit.User, visit.AuthTime, visit.Session.Address.ToString(), form[PageFields.PasskeyAt], PasskeyAttestation.Read(field => form[field]), name.Length == 0 ? SuggestedName() : name, cancellation);

    private async Task<Phrase?> RenameAsync(AccountVisit visit, string? key, string name, CancellationToken cancellation) =>
        PasskeyKeeper.ProblemOfName(name) ?? (await keeper.RenameAsync(visit.User, key, name, cancellation) ? null : Phrase.Of($"That passkey was removed already."));

    private async Task<IResult> ShowAsync(AccountVisit visit, Phrase? problem, Phrase? done, CancellationToken cancellation)
    {
        if (!party.HasPasskeys)
            throw OAuthError.NoPage();
        var own = await keeper.ListAsync(visit.User.Subject, cancellation);
        SecurityHeaders.AllowScript(visit.Http.Response);
        return pages.Show(new AccountPasskeysPage(Route, visit.FormToken)
        {
            Username = visit.User.Username,
            RequestId = visit.RequestId,
            Passkeys = [.. own.Passkeys.Select(Describe)],
            Offer = own.Passkeys.Count < Passkey.MostOfOnePerson ? OfferTo(visit, own) : null,
            LongestName = PasskeyKeeper.LongestName,
            Problem = problem,
            Done = done,
            Status = problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        });
    }

    private AccountPasskey Describe(Passkey passkey) =>
        new(passkey.Key, passkey.Name, passkey.AddedAt, passkey.LastUsedAt, passkey.IsSynced, passkey.RelyingPartyId == party.Id);

    private NewPasskeyQuestion OfferTo(AccountVisit visit, OwnPasskeys own)
    {
        var challenge = keeper.ChallengeFor(own.Holder, visit.Session.Address.ToString());
        return new NewPasskeyQuestion(
            new PasskeyQuestion(challenge.ToString(), challenge.At, party.Id!),
            party.Name,
            Base64Url.EncodeToString(own.Holder.UserHandle),
            (string?)visit.User.Claims["name"] ?? visit.User.Username,
            [.. own.Passkeys.Select(passkey => string.Join(' ', [Base64Url.EncodeToString(passkey.Id), .. passkey.Transports]))],
            SuggestedName());
    }

    private string SuggestedName() => source.Browser is { } browser ? language.Language.Browser(browser) : "Passkey";
}
