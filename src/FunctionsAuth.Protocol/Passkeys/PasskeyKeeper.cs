using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Text;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Passkeys;

/// <summary>The passkeys of a user, and the data for adding another one.</summary>
public sealed record OwnPasskeys(PasskeyHolder Holder, IReadOnlyList<Passkey> Passkeys);

/// <summary>Changes that users make to their own passkeys. After a passkey was added, the login is checked again.</summary>
public sealed class PasskeyKeeper(
    IPasskeyStore passkeys, ICredentialStore credentials, IUserStore users, PasskeyVerifier verifier, FactorChanges changes, RelyingParty party, TimeProvider clock)
{
    public const int LongestName = 60;

    private const string Purpose = "enrol";

    /// <returns>A sentence for the user, or null when the name is allowed.</returns>
    public static Phrase? ProblemOfName(string name) =>
        name.Length is 0 or > LongestName || ShownText.HasHiddenMeaning(name) ? Phrase.Of($"Write a name of at most {LongestName} characters, all of them visible.") : null;

    /// <summary>The passkeys of a user. If several first requests come at the same time, all get the same user handle.</summary>
    public async Task<OwnPasskeys> ListAsync(string subject, CancellationToken cancellation)
    {
        var found = await credentials.FindAsync(subject, cancellation);
        var holder = found.PasskeyHolder ?? (await passkeys.TrySaveHolderAsync(New(subject), cancellation)).Current;
        return new OwnPasskeys(holder ?? throw new Errors.TemporarilyUnavailableException("storage"), [.. found.Passkeys.OrderBy(passkey => passkey.AddedAt)]);
    }

    /// <param name="session">The challenge is valid only in this session.</param>
    public PasskeyChallenge ChallengeFor(PasskeyHolder holder, string session) => PasskeyChallenge.New(holder.Secret, clock.GetUtcNow(), Purpose, session);

    /// <summary>Adds a passkey. The challenge is consumed first, whatever the result is.</summary>
    /// <param name="authTime">The time of the login with which the user makes the change.</param>
    /// <param name="at">The <see cref="PasskeyChallenge.At"/> that came back with the answer.</param>
    /// <returns>A sentence for the user if nothing was added.</returns>
    public async Task<Phrase?> AddAsync(User user, DateTimeOffset authTime, string session, string? at, PasskeyAttestation? answer, string name, CancellationToken cancellation)
    {
        var failed = Phrase.Of($"The passkey could not be added. Try once more.");
        var own = await ListAsync(user.Subject, cancellation);
        var challenge = PasskeyChallenge.Given(own.Holder.Secret, at, clock.GetUtcNow(), Purpose, session);
        if (!await TryUseSecretAsync(own.Holder, cancellation) || challenge is null || answer is null || await verifier.VerifyAsync(answer, challenge) is not { } made)
            return failed;
        if (ProblemOfName(name) is { } problem)
            return problem;
        if (own.Passkeys.Any(passkey => passkey.Id.AsSpan().SequenceEqual(made.Id)) || !await passkeys.TryTakeIdAsync(made.Id, user.Subject, cancellation))
            return Phrase.Of($"This passkey is used for an account already.");
        var passkey = new Passkey
        {
            Subject = user.Subject,
            Id = made.Id,
            PublicKey = made.PublicKey,
            SignCount = made.SignCount,
            IsSynced = made.IsSynced,
            Transports = answer.Transports,
            Name = name,
            AddedAt = clock.GetUtcNow(),
            RelyingPartyId = party.Id!,
        };
        await CompareAndSwap.ChangeAsync(passkey, current => passkey with { Version = current?.Version ?? "" }, passkeys.TrySaveAsync, cancellation);
        if (!await TryChangeAsync(own.Holder, keys => keys.Contains(passkey.Key) ? keys : keys.Count < Passkey.MostOfOnePerson ? [.. keys, passkey.Key] : null, cancellation))
        {
            await passkeys.DeleteAsync(passkey, cancellation);
            return Phrase.Of($"You have {Passkey.MostOfOnePerson} passkeys. Remove one that you do not use any more.");
        }
        // A thief with an open session must not keep access when the owner ends all sessions at the same moment.
        if ((await users.FindAsync(user.Subject, cancellation))?.Trusts(authTime) != true)
        {
            await RemoveAsync(own.Holder, passkey, cancellation);
            return failed;
        }
        await changes.PasskeyAddedAsync(user);
        return null;
    }

    /// <returns>False when the passkey no longer exists.</returns>
    public async Task<bool> RenameAsync(User user, string? key, string name, CancellationToken cancellation)
    {
        if ((await ListAsync(user.Subject, cancellation)).Passkeys.FirstOrDefault(passkey => passkey.Key == key) is not { } passkey)
            return false;
        if (await CompareAndSwap.ChangeAsync(passkey, current => current is null || current.Name == name ? null : current with { Name = name }, passkeys.TrySaveAsync, cancellation) is null)
            return false;
        if (passkey.Name != name)
            await changes.PasskeyRenamedAsync(user);
        return true;
    }

    /// <returns>A sentence for the user if nothing was removed.</returns>
    public async Task<Phrase?> RemoveAsync(User user, string? key, CancellationToken cancellation)
    {
        var own = await ListAsync(user.Subject, cancellation);
        if (own.Passkeys.FirstOrDefault(passkey => passkey.Key == key) is not { } passkey)
            return Phrase.Of($"That passkey was removed already.");
        if (!await TryChangeAsync(own.Holder, Without, cancellation))
            return Phrase.Of($"This is your only way to sign in. Add another passkey before you remove it.");
        await passkeys.DeleteAsync(passkey, cancellation);
        await changes.PasskeyRemovedAsync(user);
        return null;

        IReadOnlyList<string>? Without(IReadOnlyList<string> keys) =>
            user.PasswordHash is not null || own.Passkeys.Any(other => other.Key != key && other.RelyingPartyId == party.Id && keys.Contains(other.Key)) ? [.. keys.Where(other => other != key)] : null;
    }

    /// <summary>An operator removes all passkeys of a user who lost them.</summary>
    /// <returns>The number of removed passkeys.</returns>
    public async Task<int> RemoveAllAsync(User user, CancellationToken cancellation)
    {
        var person = await credentials.FindAsync(user.Subject, cancellation);
        if (person is not { PasskeyHolder: { } holder, Passkeys.Count: > 0 })
            return 0;
        foreach (var passkey in person.Passkeys)
            await RemoveAsync(holder, passkey, cancellation);
        await changes.PasskeysTakenAwayAsync(user);
        return person.Passkeys.Count;
    }

    private async Task RemoveAsync(PasskeyHolder holder, Passkey passkey, CancellationToken cancellation)
    {
        await TryChangeAsync(holder, keys => [.. keys.Where(other => other != passkey.Key)], cancellation);
        await passkeys.DeleteAsync(passkey, cancellation);
    }

    /// <param name="change">Returns null if nothing may be changed.</param>
    private async Task<bool> TryChangeAsync(PasskeyHolder holder, Func<IReadOnlyList<string>, IReadOnlyList<string>?> change, CancellationToken cancellation)
    {
        var isDone = false;
        await CompareAndSwap.ChangeAsync(holder, Changed, passkeys.TrySaveHolderAsync, cancellation);
        return isDone;

        PasskeyHolder? Changed(PasskeyHolder? current)
        {
            var keys = current is null ? null : change(current.Keys);
            isDone = keys is not null;
            return isDone ? current! with { Keys = keys! } : null;
        }
    }

    /// <summary>If several answers to one challenge come at the same time, exactly one succeeds.</summary>
    private async Task<bool> TryUseSecretAsync(PasskeyHolder holder, CancellationToken cancellation)
    {
        var isFirst = false;
        var secret = Handle.NewSecret();
        await CompareAndSwap.ChangeAsync(holder, Used, passkeys.TrySaveHolderAsync, cancellation);
        return isFirst;

        PasskeyHolder? Used(PasskeyHolder? current)
        {
            isFirst = current?.Secret.AsSpan().SequenceEqual(holder.Secret) == true;
            return isFirst ? current! with { Secret = secret } : null;
        }
    }

    private static PasskeyHolder New(string subject) => new() { Subject = subject, UserHandle = Handle.NewSecret(), Secret = Handle.NewSecret() };
}
