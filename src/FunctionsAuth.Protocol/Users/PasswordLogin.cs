using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Telemetry;
using Microsoft.AspNetCore.Identity;

namespace FunctionsAuth.Protocol.Users;

/// <summary>
/// Checks a name and a password. The answer and the work are the same for a name that does not exist: see <see cref="Decoy"/>.
/// The attempt is counted before the password is looked at, so a thousand guesses at once are no more than
/// <see cref="Configuration.LockoutOptions.MaxFailures"/>.
/// </summary>
public sealed class PasswordLogin(IUserStore users, Decoy decoys, PasswordHashing hashing, ServerOptions options, TimeProvider clock)
{
    /// <returns>The user, or null: which of the reasons it was, nobody is told.</returns>
    /// <exception cref="TemporarilyUnavailableException">Storage failed, or too many people sign in at once.</exception>
    public async Task<User?> AuthenticateAsync(string loginName, string password, CancellationToken cancellation)
    {
        var name = loginName.Length <= LoginName.MaxLength ? loginName : "";
        var subject = await users.FindSubjectAsync(name, cancellation);
        var decoy = decoys.Of(name);
        var user = await users.FindAsync(subject ?? decoy.Subject, cancellation) ?? decoy;
        var (counted, locked) = await CountAttemptAsync(user, cancellation);
        // The hash is computed in every case, as it is what takes time.
        var verified = await hashing.VerifyAsync(counted, counted.PasswordHash ?? decoys.PasswordHash, password, cancellation);
        var outcome = locked ? "locked"
            : verified == PasswordVerificationResult.Failed || counted.PasswordHash is null || Decoy.TryParse(counted.Subject, out _) ? "wrong"
            : counted.Disabled ? "disabled"
            : "ok";
        ServerMetrics.Login(outcome);
        if (outcome != "ok")
            return null;
        var proven = counted with { FailedLogins = 0, LockedUntil = null };
        if (verified == PasswordVerificationResult.SuccessRehashNeeded)
            proven = proven with { PasswordHash = await hashing.HashAsync(proven, password, cancellation) };
        await ClearAsync(counted, proven, cancellation);
        return proven;
    }

    /// <summary>
    /// Takes the count back, also when others sign in as the same user at the same time: right passwords alone must never lock
    /// an account. One that was locked meanwhile stays locked.
    /// </summary>
    private Task ClearAsync(User counted, User proven, CancellationToken cancellation) => CompareAndSwap.ChangeAsync(
        counted,
        current => ReferenceEquals(current, counted) ? proven
            : current is null || clock.GetUtcNow() < current.LockedUntil ? null
            : current with { FailedLogins = 0, LockedUntil = null },
        users.TrySaveAsync,
        cancellation);

    private async Task<(User User, bool Locked)> CountAttemptAsync(User user, CancellationToken cancellation)
    {
        var locked = false;
        var counted = await CompareAndSwap.ChangeAsync(user, Count, users.TrySaveAsync, cancellation);
        return counted is null ? (user, true) : (counted, locked); // where it was deleted meanwhile, nobody signs in

        User? Count(User? current)
        {
            if (current is null)
                return null;
            var now = clock.GetUtcNow();
            locked = now < current.LockedUntil;
            var failures = locked ? current.FailedLogins : current.FailedLogins + 1;
            var reached = failures >= options.Lockout.MaxFailures;
            return current with
            {
                FailedLogins = reached ? 0 : failures,
                // A locked account is written, too: no answer comes sooner than another.
                LockedUntil = reached ? now + options.Lockout.Duration : locked ? current.LockedUntil : null,
            };
        }
    }
}
