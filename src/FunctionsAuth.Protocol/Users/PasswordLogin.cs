using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Mail;
using FunctionsAuth.Protocol.Storage;
using Microsoft.AspNetCore.Identity;

namespace FunctionsAuth.Protocol.Users;

/// <summary>Who tries to sign in, as far as that is known before the password is looked at.</summary>
/// <param name="Network">Where the request comes from; null when that is not known, or when it is a client's and not a person's.</param>
/// <param name="DeviceCookie">See <see cref="LoginDevices"/>; null without a browser.</param>
public sealed record LoginCaller(string? Network, string? DeviceCookie)
{
    /// <summary>The client for which the person signs in, for the log.</summary>
    public required string ClientId { get; init; }
}

/// <summary>A person who signed in.</summary>
/// <param name="Proofs">By what, and when each began: nothing that happened to the account since is older than the login.</param>
public sealed record ProvenLogin(User User, IReadOnlyList<Proof> Proofs)
{
    public static ProvenLogin ByPassword(User user, DateTimeOffset at) => new(user, [new Proof(AuthenticationMethod.Password, at)]);
}

/// <param name="Login">Whose password it is; also where the account is disabled.</param>
/// <param name="Failure">Why nobody signed in; null where somebody did.</param>
public sealed record PasswordResult(ProvenLogin? Login, SignInFailure? Failure)
{
    /// <summary>Null where nobody signed in.</summary>
    public ProvenLogin? SignedIn => Failure is null ? Login : null;
}

/// <summary>
/// Checks a name and a password. The answer and the work are the same for a name that does not exist (see <see cref="Decoy"/>), and for an
/// account that takes no guesses right now (see <see cref="Guesses"/>).
/// </summary>
public sealed class PasswordLogin(IUserStore users, Decoy decoys, PasswordHashing hashing, Guesses guesses, LoginDevices devices, SecurityEvents events, TimeProvider clock)
{
    /// <returns>Who signed in and when. Else why not: that the account is disabled only whoever knows the password may be told.</returns>
    /// <exception cref="TemporarilyUnavailableException">Storage failed.</exception>
    /// <exception cref="OAuthException">Status 503: too many people sign in at once.</exception>
    public async Task<PasswordResult> AuthenticateAsync(string loginName, string password, LoginCaller caller, CancellationToken cancellation)
    {
        // Before anything is read: a login that goes on while the person is signed out everywhere is one of before.
        var now = clock.GetUtcNow();
        var name = loginName.Length <= MailMessage.LongestAddress ? loginName : "";
        var subject = await users.FindSubjectAsync(name, cancellation);
        var decoy = decoys.Of(name);
        var user = await users.FindAsync(subject ?? decoy.Subject, cancellation) ?? decoy;
        var device = await devices.FindAsync(caller.DeviceCookie, user.Subject, cancellation);
        var whom = device ?? caller.Network ?? LoginName.Normalize(name);
        // The hash is computed in every case, as it is what takes time.
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
        // Another login may have replaced the hash meanwhile. Whoever got another password since, or was disabled, did not sign in with this one.
        return await RehashAsync(proven, hash, cancellation) is { PasswordHash: { } kept } current && current.Trusts(now)
            && (kept == hash || await hashing.VerifyAsync(kept, password, whom, cancellation) == PasswordVerificationResult.Success)
            ? new(ProvenLogin.ByPassword(current, now), null)
            : new(null, SignInFailure.WrongNameOrPassword);
    }

    /// <summary>
    /// One conditional write decides, after the password was looked at: of a thousand guesses at once only so many have an effect as would
    /// have had one after the other, and right passwords count against nobody. An account that takes no guesses is written, too, so that no
    /// answer comes sooner than another.
    /// </summary>
    /// <param name="user">The person as read before the password was looked at.</param>
    /// <param name="verified">What the hash of that record says of the password.</param>
    /// <param name="verify">Looks at the password with another hash.</param>
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
            // Where it was deleted meanwhile, nobody signs in.
            if (current is null)
                return null;
            if (guesses.AreThrottled(current, device))
            {
                failure = SignInFailure.Throttled;
                return current;
            }
            // Another login may have replaced the hash of the same password meanwhile, or somebody the password.
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
