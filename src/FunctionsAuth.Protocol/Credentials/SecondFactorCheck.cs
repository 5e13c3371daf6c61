using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Credentials;

/// <summary>
/// Checks the code of a user who has given the right password. One conditional write decides: of several requests with the same code only the first
/// succeeds, and all wrong codes are counted, however many come at the same time.
/// </summary>
public sealed class SecondFactorCheck(ICredentialStore store, TotpCodes totp, FactorChanges changes, SecurityEvents events, TimeProvider clock)
{
    /// <param name="factors">The factors as they were read.</param>
    /// <param name="typed">A code of the app, or a recovery code.</param>
    /// <param name="clientId">The client for which the user signs in, for the log.</param>
    /// <returns>The proof; null for a wrong code, and after too many wrong codes.</returns>
    /// <exception cref="TemporarilyUnavailableException">Storage or the vault failed. The code can still be used.</exception>
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
            // The factors were removed in the meantime.
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
