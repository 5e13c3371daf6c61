using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Credentials;

/// <summary>
/// Looks at the code of a person who has proven the password. One conditional write decides: a code is used up by the first of several who send
/// it, and wrong ones count, however many come at once.
/// </summary>
public sealed class SecondFactorCheck(ICredentialStore store, TotpCodes totp, FactorChanges changes, SecurityEvents events, TimeProvider clock)
{
    /// <param name="factors">As they were read.</param>
    /// <param name="typed">A code of the app, or a recovery code.</param>
    /// <param name="clientId">For which client, for the log.</param>
    /// <returns>The proof; or null for a wrong code, and while too many wrong ones have come.</returns>
    /// <exception cref="TemporarilyUnavailableException">Storage or the vault failed, and the code is still good.</exception>
    public async Task<Proof?> VerifyAsync(SecondFactors factors, string typed, string clientId, CancellationToken cancellation)
    {
        var (now, code, recovery) = (clock.GetUtcNow(), string.Concat(typed.Where(c => !char.IsWhiteSpace(c))), RecoveryCodes.HashOf(factors.Subject, typed));
        AuthenticationMethod? method = null;
        var isThrottled = false;
        var written = await CompareAndSwap.ChangeAsync(factors, DecideAsync, store.TrySaveAsync, cancellation);
        if (method is null)
        {
            await events.SignInFailedAsync(factors.Subject, factors.Subject, clientId, isThrottled ? SignInFailure.ThrottledCode : SignInFailure.WrongCode);
            return null;
        }
        if (method == AuthenticationMethod.RecoveryCode)
            await changes.RecoveryCodeUsedAsync(factors.Subject, written!.RecoveryCodes.Count);
        return new Proof(method.Value, now);

        async ValueTask<SecondFactors?> DecideAsync(SecondFactors? current)
        {
            (method, isThrottled) = (null, false);
            // They were taken away meanwhile.
            if (current is not { HasAny: true })
                return null;
            if (isThrottled = FactorGuesses.AreThrottled(current, now))
                return null;
            if (await totp.AcceptAsync(current.Subject, current.Totp!, code, cancellation) is { } used)
            {
                method = AuthenticationMethod.Totp;
                return FactorGuesses.WithSuccess(current with { Totp = used });
            }
            if (recovery is not null && current.RecoveryCodes.Without(recovery) is { } left)
            {
                method = AuthenticationMethod.RecoveryCode;
                return FactorGuesses.WithSuccess(current with { RecoveryCodes = left });
            }
            return FactorGuesses.WithFailure(current, now);
        }
    }
}
