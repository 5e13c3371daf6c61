using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Passkeys;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Account;

/// <summary>The sign-in methods of the user, with links to the pages that change them.</summary>
public sealed class SecurityView(ICredentialStore credentials, OwnFactors own, RelyingParty party, IPages pages) : AccountView
{
    public override string Route => AccountRoutes.Security;

    public override async Task<IResult> ShowAsync(AccountVisit visit, CancellationToken cancellation) => pages.Show(await PageAsync(visit, null, cancellation));

    public override async Task<IResult> SubmitAsync(AccountVisit visit, Parameters form, CancellationToken cancellation)
    {
        if (form[PageFields.Action] != PageFields.ActionForget)
            return await ShowAsync(visit, cancellation);
        await own.ForgetDevicesAsync((await credentials.FindAsync(visit.User.Subject, cancellation)).Factors, cancellation);
        return pages.Show(await PageAsync(visit, Phrase.Of($"Every browser asks for a code again."), cancellation));
    }

    private async Task<AccountSecurityPage> PageAsync(AccountVisit visit, Phrase? done, CancellationToken cancellation)
    {
        var person = await credentials.FindAsync(visit.User.Subject, cancellation);
        var factors = person.Factors;
        return new AccountSecurityPage(Route, visit.FormToken)
        {
            Username = visit.User.Username,
            HasPassword = visit.User.PasswordHash is not null,
            Passkeys = party.HasPasskeys ? person.Passkeys.Count : null,
            TotpSince = factors.Totp?.At,
            RecoveryCodesLeft = factors.RecoveryCodes.Count,
            FewRecoveryCodes = factors.HasAny && factors.RecoveryCodes.Count <= RecoveryCodes.Few,
            Done = done,
        };
    }
}
