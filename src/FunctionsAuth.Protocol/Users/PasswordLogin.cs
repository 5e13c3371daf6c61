using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Mail;
using FunctionsAuth.Protocol.Storage;
using Microsoft.AspNetCore.Identity;

namespace FunctionsAuth.Protocol.Users;

/// <summary>A login attempt, with everything that is known before the password is checked.</summary>
/// <param name="Network">The network of the request; null if it is unknown, or if it is the network of a client and not of a user.</param>
/// <param name="DeviceCookie">See <see cref="LoginDevices"/>; null without a browser.</param>
public sealed record LoginCaller(string? Network, string? DeviceCookie)
{
    /// <summary>The client for which the person signs in, for the log.</summary>
    public required string ClientId { get; init; }
}

/// <summary>A person who signed in.</summary>
/// <param name="Proofs">The proofs of the login, with the time at which each began. So every later change of the account is newer than the login.</param>
public sealed record ProvenLogin(User User, IReadOnlyList<Proof> Proofs)
{
    public static ProvenLogin ByPassword(User user, DateTimeOffset at) => new(user, [new Proof(AuthenticationMethod.Password, at)]);
}

/// <param name="Login">The user whose password it is, also if the account is disabled.</param>
/// <param name="Failure">The reason why the login failed; null if it succeeded.</param>
public sealed record PasswordResult(ProvenLogin? Login, SignInFailure? Failure)
{
    /// <summary>Null if the login failed.</summary>
    public ProvenLogin? SignedIn => Failure is null ? Login : null;
}

/// <summary>
/// Checks a name and a password. Answer and response time are the same for an unknown name (see <see cref="Decoy"/>) and for an account that is
/// temporarily locked (see <see cref="Guesses"/>).
/// </summary>
public sealed class PasswordLogin(IUserStore users, Decoy decoys, PasswordHashing hashing, Guesses guesses, LoginDevices devices, SecurityEvents events, TimeProvider clock)
{
    /// <returns>
    /// The user and the time of the login, or the reason of the failure. Only somebody who knows the password may be told that the account is
    /// disabled.
    /// </returns>
    /// <exception cref="TemporarilyUnavailableException">Storage failed.</exception>
    /// <exception cref="OAuthException">Status 503: too many people sign in at once.</exception>
    public async Task<PasswordResult> AuthenticateAsync(string loginName, string password, LoginCaller caller, CancellationToken cancellation)
    {
        // This is taken before anything is read. If the user is signed out everywhere during the login, this login is older and becomes invalid.
        var now = clock.GetUtcNow();
        var name = loginName.Length <= MailMessage.LongestAddress ? loginName : "";
        var subject = await users.FindSubjectAsync(name, cancellation);
        var decoy = decoys.Of(name);
        var user = await users.FindAsync(subject ?? decoy.Subject, cancellation) ?? decoy;
        var device = await devices.FindAsync(caller.DeviceCookie, user.Subject, cancellation);
        var whom = device ?? caller.Network ?? LoginName.Normalize(name);
        // The hash is always computed, because it takes most of the time.
        var verified = await hashing.VerifyAsync(user.PasswordHash ?? decoys.PasswordHash, password, whom, cancellation);
        if (user.PasswordHash is null || Decoy.TryParse(user.Subject, out _))
            verified = PasswordVerificationResult.Failed;
        var (proven, needsRehash, failure) = await DecideAsync(user, verified, hash => hashing.VerifyAsync(hash, password, whom, cancellation), device, cancellation);
        if (failure is not null || proven is null)
        {
            await events.SignInFailedAsync(subject, user.Subject, caller.ClientId, failure ?? SignInFailure.WrongNameOrPassword);
            return new(failure == SignInFailure.Disabled ? ProvenLogin.ByPassword(proven!, now) : null, failure ?? SignInFailure.WrongNameOrPassword);
        }
        if (!needsRehash)
            return new(ProvenLogin.ByPassword(proven, now), null);
        var hash = await hashing.HashAsync(proven, password, whom, cancellation);
        // Another login may have replaced the hash in the meantime. If the password was changed or the account was disabled, this login fails.
        return await RehashAsync(proven, hash, cancellation) is { PasswordHash: { } kept } current && current.Trusts(now)
            && (kept == hash || await hashing.VerifyAsync(kept, password, whom, cancellation) == PasswordVerificationResult.Success)
            ? new(ProvenLogin.ByPassword(current, now), null)
            : new(null, SignInFailure.WrongNameOrPassword);
    }

    /// <summary>
    /// One conditional write decides, after the password was checked. So a thousand attempts at the same time have the same effect as attempts one
    /// after the other, and right passwords never count as failures. An account that is locked is written too, so that both answers take the same
    /// time.
    /// </summary>
    /// <param name="user">The user as read before the password was checked.</param>
    /// <param name="verified">The result for the hash in that record.</param>
    /// <param name="verify">Verifies the password against another hash.</param>
    private async Task<(User? User, bool NeedsRehash, SignInFailure? Failure)> DecideAsync(
        User user,
        PasswordVerificationResult verified,
        Func<string, Task<PasswordVerificationResult>> verify,
        string? device,
        CancellationToken cancellation)
    {
        var hash = user.PasswordHash;
        SignInFailure? failure = SignInFailure.WrongNameOrPassword;
        var written = await CompareAndSwap.ChangeAsync(user, Decide, users.TrySaveAsync, cancellation);
        return (written, verified == PasswordVerificationResult.SuccessRehashNeeded, failure);

        async ValueTask<User?> Decide(User? current)
        {
            failure = SignInFailure.WrongNameOrPassword;
            // If the account was deleted in the meantime, the login fails.
            if (current is null)
                return null;
            if (guesses.AreThrottled(current, device))
            {
                failure = SignInFailure.Throttled;
                return current;
            }
            // Another login may have replaced the hash of the same password in the meantime, or the password was changed.
            if (verified != PasswordVerificationResult.Failed && current.PasswordHash != hash)
            {
                hash = current.PasswordHash;
                verified = hash is null ? PasswordVerificationResult.Failed : await verify(hash);
            }
            if (verified == PasswordVerificationResult.Failed)
                return guesses.WithFailure(current, device);
            failure = current.Disabled ? SignInFailure.Disabled : null;
            return guesses.WithSuccess(current, device);
        }
    }

    private async Task<User?> RehashAsync(User proven, string hash, CancellationToken cancellation) => await CompareAndSwap.ChangeAsync(
        proven,
        current => current?.PasswordHash == proven.PasswordHash ? current! with { PasswordHash = hash } : null,
        users.TrySaveAsync,
        cancellation);
}
