using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Credentials;

/// <summary>What people do to their own second factors. Each is one conditional write of the person's record.</summary>
public sealed class OwnFactors(ICredentialStore store, IUserStore users, TotpCodes totp, FactorChanges changes, TimeProvider clock)
{
    /// <summary>So long a secret that is shown waits for the first code of it.</summary>
    private static readonly TimeSpan OfferFor = TimeSpan.FromMinutes(30);

    /// <summary>A secret for an app. It counts only once it is confirmed; shown again in the same session within half an hour it is the same.</summary>
    /// <param name="session">In another one it can't be confirmed.</param>
    /// <returns>In base32.</returns>
    public async Task<string> OfferTotpAsync(SecondFactors factors, string session, CancellationToken cancellation)
    {
        var made = await totp.NewAsync(factors.Subject, cancellation);
        var offered = await CompareAndSwap.ChangeAsync(
            factors, current => IsOpen(current, session) ? null : (current ?? Empty(factors)) with { OfferedTotp = made, OfferedIn = session }, store.TrySaveAsync, cancellation);
        if (await totp.TextOfAsync(factors.Subject, offered!.OfferedTotp!, cancellation) is { } text)
            return text;
        // It was sealed with a key that is there no more.
        await CompareAndSwap.ChangeAsync(offered, current => (current ?? Empty(factors)) with { OfferedTotp = made, OfferedIn = session }, store.TrySaveAsync, cancellation);
        return (await totp.TextOfAsync(factors.Subject, made, cancellation))!;
    }

    /// <summary>The person's app makes the right codes, so from now on they are asked for. Recovery codes come with it.</summary>
    /// <param name="session">In which the secret was shown.</param>
    /// <param name="authTime">Of the login by which the person does it.</param>
    /// <returns>The recovery codes, which nobody can read again; null when the code is wrong, or the secret was offered too long ago or elsewhere.</returns>
    public async Task<IReadOnlyList<string>?> ConfirmTotpAsync(SecondFactors factors, string code, string session, DateTimeOffset authTime, CancellationToken cancellation)
    {
        var codes = RecoveryCodes.New();
        var isConfirmed = false;
        await CompareAndSwap.ChangeAsync(factors, ConfirmedAsync, store.TrySaveAsync, cancellation);
        if (!isConfirmed)
            return null;
        // A thief at an open session must not keep a way in, when the owner ends all sessions at the same moment.
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

    /// <summary>New recovery codes; the ones of before are good no more.</summary>
    /// <returns>Null when the person has no second factor any more.</returns>
    public async Task<IReadOnlyList<string>?> RenewRecoveryCodesAsync(SecondFactors factors, CancellationToken cancellation)
    {
        var codes = RecoveryCodes.New();
        var changed = await ChangeAsync(factors, current => current with { RecoveryCodes = Hashes(factors.Subject, codes) }, cancellation);
        if (!changed)
            return null;
        await changes.RecoveryCodesMadeAsync(factors.Subject);
        return codes;
    }

    /// <summary>The app and the recovery codes are good no more.</summary>
    /// <returns>False when there were none.</returns>
    public async Task<bool> RemoveAsync(SecondFactors factors, AuditActor actor, CancellationToken cancellation)
    {
        var changed = await ChangeAsync(factors, Without, cancellation);
        if (changed)
            await changes.SecondFactorRemovedAsync(factors.Subject, actor);
        return changed;
    }

    /// <summary>Every browser asks for a code again.</summary>
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
