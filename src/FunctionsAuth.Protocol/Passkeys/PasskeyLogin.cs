using System.Security.Cryptography;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Passkeys;

/// <summary>The result of a login with a passkey.</summary>
/// <param name="Login">The login; null if it failed.</param>
/// <param name="IsDisabled">The passkey is right, but the account is disabled. Only the owner is told this.</param>
public sealed record PasskeyOutcome(ProvenLogin? Login, bool IsDisabled = false);

/// <summary>
/// Finds the user by the passkey alone. The user types no name, and the answer does not reveal which users have a passkey. Wrong passwords do not lock this
/// login.
/// </summary>
public sealed class PasskeyLogin(
    IPasskeyStore passkeys, ICredentialStore credentials, IUserStore users, PasskeyVerifier verifier, SecurityEvents events, TimeProvider clock)
{
    /// <summary>The precision of <see cref="Passkey.LastUsedAt"/> if the authenticator does not count.</summary>
    private static readonly TimeSpan LastUseKept = TimeSpan.FromDays(1);

    /// <summary>Placeholder for all unknown passkeys, to count failures.</summary>
    private const string Unknown = "(passkey)";

    /// <param name="challenge">The challenge, which is consumed already.</param>
    /// <exception cref="TemporarilyUnavailableException">Storage failed.</exception>
    public async Task<PasskeyOutcome> AuthenticateAsync(PasskeyAssertion answer, PasskeyChallenge challenge, string clientId, CancellationToken cancellation)
    {
        // This is taken before anything is read. If the user is signed out everywhere during the login, this login is older and becomes invalid.
        var now = clock.GetUtcNow();
        if (await passkeys.FindSubjectAsync(answer.Id, cancellation) is not { } subject)
            return await FailAsync(null, clientId, SignInFailure.WrongPasskey);
        var (reading, finding) = (credentials.FindAsync(subject, cancellation), users.FindAsync(subject, cancellation));
        await Task.WhenAll(reading, finding);
        var (own, user) = (await reading, await finding);
        if (user is not { DeletedAt: null } || Find(own, answer) is not { } passkey || await verifier.VerifyAsync(answer, passkey, challenge) is not { } count)
            return await FailAsync(subject, clientId, SignInFailure.WrongPasskey);
        if (!await TryUseAsync(passkey, count, now, cancellation))
            return await FailAsync(subject, clientId, SignInFailure.WrongPasskey);
        if (user.Disabled)
            return await FailAsync(subject, clientId, SignInFailure.Disabled);
        return new PasskeyOutcome(new ProvenLogin(user, [new Proof(passkey.IsSynced ? AuthenticationMethod.SyncedPasskey : AuthenticationMethod.DevicePasskey, now)]));
    }

    /// <summary>WebAuthn §7.2: the passkey must belong to the account that the authenticator names.</summary>
    private static Passkey? Find(PersonCredentials own, PasskeyAssertion answer) =>
        own.PasskeyHolder is { } holder && CryptographicOperations.FixedTimeEquals(holder.UserHandle, answer.UserHandle)
            ? own.Passkeys.FirstOrDefault(passkey => passkey.Id.AsSpan().SequenceEqual(answer.Id))
            : null;

    /// <summary>
    /// WebAuthn §6.1.1: the counter of an authenticator never goes back. If it does, there may be a copy of the key, so the answer is refused, and
    /// the operator and the user are told. The conditional write decides: of two answers with the same counter at the same time, one is refused.
    /// </summary>
    private async Task<bool> TryUseAsync(Passkey passkey, uint count, DateTimeOffset now, CancellationToken cancellation)
    {
        var (isThere, hasGoneBack) = (true, false);
        await CompareAndSwap.ChangeAsync(passkey, Used, passkeys.TrySaveAsync, cancellation);
        if (hasGoneBack)
            await events.PasskeyCountedBackAsync(passkey.Subject);
        return isThere && !hasGoneBack;

        Passkey? Used(Passkey? current)
        {
            isThere = current is not null;
            hasGoneBack = current is { SignCount: not 0 } && count <= current.SignCount;
            return current is null || hasGoneBack || (count == current.SignCount && now - current.LastUsedAt < LastUseKept) ? null : current with { SignCount = count, LastUsedAt = now };
        }
    }

    private async Task<PasskeyOutcome> FailAsync(string? subject, string clientId, SignInFailure failure)
    {
        await events.SignInFailedAsync(subject, subject ?? Unknown, clientId, failure);
        return new PasskeyOutcome(null, failure == SignInFailure.Disabled);
    }
}
