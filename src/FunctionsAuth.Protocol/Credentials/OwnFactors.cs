using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Credentials;

/// <summary>Changes that users make to their own second factors. Each is one conditional write of the user's record.</summary>
public sealed class OwnFactors(ICredentialStore store, IUserStore users, TotpCodes totp, FactorChanges changes, TimeProvider clock)
{
    /// <summary>The time in which the user must confirm a new secret with a code.</summary>
    private static readonly TimeSpan OfferFor = TimeSpan.FromMinutes(30);

    /// <summary>
    /// A secret for an authenticator app. It counts only after it is confirmed. If it is shown again in the same session within half an hour, it is
    /// the same.
    /// </summary>
    /// <param name="session">It cannot be confirmed in another session.</param>
    /// <returns>In base32.</returns>
    public async Task<string> OfferTotpAsync(SecondFactors factors, string session, CancellationToken cancellation)
    {
        var made = await totp.NewAsync(factors.Subject, cancellation);
        var offered = await CompareAndSwap.ChangeAsync(
            factors, current => IsOpen(current, session) ? null : (current ?? Empty(factors)) with { OfferedTotp = made, OfferedIn = session }, store.TrySaveAsync, cancellation);
        if (await totp.TextOfAsync(factors.Subject, offered!.OfferedTotp!, cancellation) is { } text)
            return text;
        // It was sealed with a key that no longer exists.
        await CompareAndSwap.ChangeAsync(offered, current => (current ?? Empty(factors)) with { OfferedTotp = made, OfferedIn = session }, store.TrySaveAsync, cancellation);
        return (await totp.TextOfAsync(factors.Subject, made, cancellation))!;
    }

    /// <summary>Confirms that the app makes the right codes. From now on the user is asked for them. Recovery codes are created too.</summary>
    /// <param name="session">The session in which the secret was shown.</param>
    /// <param name="authTime">The time of the login with which the user makes the change.</param>
    /// <returns>
    /// The recovery codes, which cannot be read again later; null when the code is wrong, or when the secret was shown too long ago or in another
    /// session.
    /// </returns>
    public async Task<IReadOnlyList<string>?> ConfirmTotpAsync(SecondFactors factors, string code, string session, DateTimeOffset authTime, CancellationToken cancellation)
    {
        var codes = RecoveryCodes.New();
        var isConfirmed = false;
        await CompareAndSwap.ChangeAsync(factors, ConfirmedAsync, store.TrySaveAsync, cancellation);
        if (!isConfirmed)
            return null;
        // A thief with an open session must not keep access when the owner ends all sessions at the same moment.
        if ((await users.FindAsync(factors.Subject, cancellation))?.Trusts(authTime) != true)
        {
            await ChangeAsync((await store.FindAsync(factors.Subject, cancellation)).Factors, Without, cancellation);
            return null;
        }
        await changes.SecondFactorAddedAsync(factors.Subject);
        return codes;

        async ValueTask<SecondFactors?> ConfirmedAsync(SecondFactors? current)
        {
            isConfirmed = false;
            if (!IsOpen(current, session) || await totp.AcceptAsync(current!.Subject, current.OfferedTotp!, code, cancellation) is not { } used)
                return null;
            isConfirmed = true;
            return FactorGuesses.WithSuccess(current with { Totp = used with { At = clock.GetUtcNow() }, OfferedTotp = null, OfferedIn = null, RecoveryCodes = Hashes(factors.Subject, codes), DevicesValidFrom = clock.GetUtcNow() });
        }
    }

    /// <summary>Creates new recovery codes. The old codes become invalid.</summary>
    /// <returns>Null when the user has no second factor any more.</returns>
    public async Task<IReadOnlyList<string>?> RenewRecoveryCodesAsync(SecondFactors factors, CancellationToken cancellation)
    {
        var codes = RecoveryCodes.New();
        var changed = await ChangeAsync(factors, current => current with { RecoveryCodes = Hashes(factors.Subject, codes) }, cancellation);
        if (!changed)
            return null;
        await changes.RecoveryCodesMadeAsync(factors.Subject);
        return codes;
    }

    /// <summary>Removes the app and the recovery codes.</summary>
    /// <returns>False when there were none.</returns>
    public async Task<bool> RemoveAsync(SecondFactors factors, AuditActor actor, CancellationToken cancellation)
    {
        var changed = await ChangeAsync(factors, Without, cancellation);
        if (changed)
            await changes.SecondFactorRemovedAsync(factors.Subject, actor);
        return changed;
    }

    /// <summary>Every browser must enter a code again.</summary>
    public Task ForgetDevicesAsync(SecondFactors factors, CancellationToken cancellation) => ChangeAsync(factors, current => current with { DevicesValidFrom = clock.GetUtcNow() }, cancellation);

    private static SecondFactors Without(SecondFactors factors) => FactorGuesses.WithSuccess(factors with { Totp = null, OfferedTotp = null, OfferedIn = null, RecoveryCodes = [] });

    private bool IsOpen(SecondFactors? factors, string session) => factors?.OfferedIn == session && factors.OfferedTotp is { } offered && clock.GetUtcNow() < offered.At + OfferFor;

    private static SecondFactors Empty(SecondFactors factors) => new() { Subject = factors.Subject };

    private static IReadOnlyList<byte[]> Hashes(string subject, IEnumerable<string> codes) => [.. codes.Select(code => RecoveryCodes.HashOf(subject, code)!)];

    private async Task<bool> ChangeAsync(SecondFactors factors, Func<SecondFactors, SecondFactors> change, CancellationToken cancellation)
    {
        var isChanged = false;
        await CompareAndSwap.ChangeAsync(
            factors,
            current => (isChanged = current is { HasAny: true }) ? change(current!) : null,
            store.TrySaveAsync,
            cancellation);
        return isChanged;
    }
}
