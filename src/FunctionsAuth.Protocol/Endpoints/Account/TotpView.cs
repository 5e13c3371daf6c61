using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Pages;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Account;

/// <summary>The authenticator app (RFC 6238): set up with a first code, or removed.</summary>
public sealed class TotpView(OwnFactors own, OwnPages addresses, IPages pages, ServerOptions options) : AccountView
{
    private const int LongestLabel = 60;

    public override string Route => AccountRoutes.Totp;

    public override bool IsSensitive => true;

    public override async Task<IResult> ShowAsync(AccountVisit visit, CancellationToken cancellation) => pages.Show(await PageAsync(visit, null, cancellation));

    public override async Task<IResult> SubmitAsync(AccountVisit visit, Parameters form, CancellationToken cancellation)
    {
        var factors = visit.Person!.Factors;
        if (form[PageFields.Action] == PageFields.ActionRemove)
        {
            await own.RemoveAsync(factors, AuditActor.Person, cancellation);
            return Redirect.To(visit.Http, addresses.Account(AccountRoutes.Security));
        }
        var code = string.Concat((form[PageFields.Code] ?? "").Where(c => !char.IsWhiteSpace(c)));
        if (await own.ConfirmTotpAsync(factors, code, visit.Session.Address.ToString(), visit.AuthTime, cancellation) is not { } recovery)
            return pages.Show(await PageAsync(visit, Phrase.Of($"That code is wrong. Try the next code that the app shows. If that does not help, check the clock of your phone."), cancellation));
        return pages.Show(RecoveryCodesView.PageOf(visit, recovery) with { Done = Phrase.Of($"The app is set up. From now on, you need a code from the app when you sign in.") });
    }

    private async Task<AccountTotpPage> PageAsync(AccountVisit visit, Phrase? problem, CancellationToken cancellation)
    {
        var factors = visit.Person!.Factors;
        var secret = factors.HasAny ? null : await own.OfferTotpAsync(factors, visit.Session.Address.ToString(), cancellation);
        return new AccountTotpPage(Route, visit.FormToken)
        {
            Username = visit.User.Username,
            RequestId = visit.RequestId,
            Secret = secret,
            KeyUri = secret is null ? null : KeyUriOf(visit.User.Username, secret),
            Problem = problem,
            Status = problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };
    }

    /// <summary>The format of authenticator apps. It leaves out the values that all apps use by default.</summary>
    private string KeyUriOf(string username, string secret)
    {
        var name = Uri.EscapeDataString(options.ShownOperator());
        // A picture has room for some 2,000 characters, and a phone for a few words.
        var label = string.Concat(username.EnumerateRunes().Take(LongestLabel).Select(rune => rune.ToString()));
        return $"otpauth://totp/{name}:{Uri.EscapeDataString(label)}?secret={secret}&issuer={name}";
    }
}
