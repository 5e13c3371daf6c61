using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Telemetry;
using Microsoft.AspNetCore.Identity;

namespace FunctionsAuth.Protocol.Users;

/// <summary>
/// Checks a name and a password. The answer and the work are the same for a name that does not exist: such a name has a
/// decoy, a record that no password opens, and the attempt is counted there. The attempt is counted before the password
/// is looked at, so a thousand guesses at once are no more than <see cref="Configuration.LockoutOptions.MaxFailures"/>.
/// </summary>
public sealed class PasswordLogin(IUserStore users, PasswordHasher<User> hasher, ServerOptions options, TimeProvider clock)
{
    private const int MaxTries = 20;

    // Enough that an attack on one unknown name says little about another; few enough that it fills no storage.
    private const int DecoyCount = 256;

    /// <returns>The user, or null: which of the reasons it was, nobody is told.</returns>
    public async Task<User?> AuthenticateAsync(string loginName, string password, CancellationToken cancellation)
    {
        var subject = await users.FindSubjectAsync(Bounded(loginName), cancellation);
        var decoy = DecoyOf(loginName);
        var user = await users.FindAsync(subject ?? decoy.Subject, cancellation) ?? decoy;
        var (counted, locked) = await CountAttemptAsync(user, cancellation);
        // The hash is computed in every case, as it is what takes time.
        var verified = hasher.VerifyHashedPassword(counted, counted.PasswordHash ?? decoy.PasswordHash!, password);
        var outcome = locked ? "locked"
            : verified == PasswordVerificationResult.Failed || counted.PasswordHash is null || IsDecoy(counted) ? "wrong"
            : counted.Disabled ? "disabled"
            : "ok";
        ServerMetrics.Login(outcome);
        if (outcome != "ok")
            return null;
        var proven = counted with { FailedLogins = 0, LockedUntil = null };
        if (verified == PasswordVerificationResult.SuccessRehashNeeded)
            proven = proven with { PasswordHash = hasher.HashPassword(proven, password) };
        // When somebody else wrote meanwhile, the counter stays as it is: the next login clears it.
        await users.TrySaveAsync(proven, cancellation);
        return proven;
    }

    private async Task<(User User, bool Locked)> CountAttemptAsync(User user, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < MaxTries; attempt++)
        {
            var now = clock.GetUtcNow();
            var locked = now < user.LockedUntil;
            var failures = locked ? user.FailedLogins : user.FailedLogins + 1;
            var reached = failures >= options.Lockout.MaxFailures;
            var result = await users.TrySaveAsync(
                user with
                {
                    FailedLogins = reached ? 0 : failures,
                    // A locked account is written, too: no answer comes sooner than another.
                    LockedUntil = reached ? now + options.Lockout.Duration : locked ? user.LockedUntil : null,
                },
                cancellation);
            if (result.Won)
                return (result.Current!, locked);
            if (result.Current is null)
                return (user, true); // deleted meanwhile: nobody signs in
            user = result.Current;
        }
        throw new TemporarilyUnavailableException("storage");
    }

    private static string Bounded(string loginName) => loginName.Length <= LoginName.MaxLength ? loginName : "";

    private static bool IsDecoy(User user) => user.Subject.StartsWith("decoy-", StringComparison.Ordinal);

    private User DecoyOf(string loginName)
    {
        var number = SHA256.HashData(Encoding.UTF8.GetBytes(LoginName.Normalize(loginName)))[0] % DecoyCount;
        return new User { Subject = $"decoy-{number}", Username = "", PasswordHash = DecoyHash.Value(hasher), Disabled = true };
    }

    /// <summary>The hash of a password that nobody knows, as costly to verify as a user's.</summary>
    private static class DecoyHash
    {
        private static string? hash;

        public static string Value(PasswordHasher<User> hasher) =>
            hash ??= hasher.HashPassword(new User { Subject = "", Username = "" }, Convert.ToHexString(RandomNumberGenerator.GetBytes(32)));
    }
}
