using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Passkeys;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Manage.People;

/// <summary>The sign-in methods of a user in addition to the password, for operators.</summary>
public sealed class UserFactors(ICredentialStore credentials, PasskeyKeeper passkeys, OwnFactors own)
{
    public async Task<FactorsView> ShowAsync(string subject, CancellationToken cancellation)
    {
        var person = await credentials.FindAsync(subject, cancellation);
        return new FactorsView(
            person.Factors.HasAny,
            person.Factors.RecoveryCodes.Count,
            [.. person.Passkeys.Select(passkey => new PasskeyView(passkey.Name, passkey.AddedAt, passkey.LastUsedAt, passkey.IsSynced))]);
    }

    /// <summary>Removes all of them.</summary>
    public async Task RemoveAllAsync(User user, CancellationToken cancellation)
    {
        var person = await credentials.FindAsync(user.Subject, cancellation);
        await passkeys.RemoveAllAsync(user, cancellation);
        await own.RemoveAsync(person.Factors, AuditActor.Operator, cancellation);
    }

    /// <summary>Removes the count of wrong codes.</summary>
    public async Task UnlockAsync(string subject, CancellationToken cancellation)
    {
        var factors = (await credentials.FindAsync(subject, cancellation)).Factors;
        if (factors.GuessesUntil is null && factors.Locks == 0)
            return;
        await CompareAndSwap.ChangeAsync(factors, current => current is null || current.GuessesUntil is null && current.Locks == 0 ? null : FactorGuesses.WithSuccess(current), credentials.TrySaveAsync, cancellation);
    }
}
