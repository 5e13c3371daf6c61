using System.Globalization;
using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.Protocol.Users;

/// <summary>
/// Limits wrong passwords for an account. Wrong passwords from unknown browsers fill one bucket, which drains continuously, so that a stranger cannot
/// lock the owner out for long. A browser from which somebody signed in to the account before has its own count. After too many wrong passwords it is
/// treated like an unknown browser.
/// </summary>
public sealed class Guesses(ServerOptions options, TimeProvider clock)
{
    // Only browsers that have signed in can have a count, so there are few.
    private const int MostDevices = 16;

    private TimeSpan Interval => options.Lockout.Duration / options.Lockout.MaxFailures;

    /// <summary>Whether passwords are currently not checked at all, right or wrong.</summary>
    /// <param name="device">The browser, if it is known to the account: see <see cref="LoginDevices"/>.</param>
    public bool AreThrottled(User user, string? device) =>
        !IsTrusted(user, device) && clock.GetUtcNow() is var now && (now < FreeAt(user.GuessesUntil) || now < user.LockedUntil);

    public User WithFailure(User user, string? device)
    {
        if (IsTrusted(user, device))
            return WithDevice(user, device!, FailuresOf(user, device!) + 1);
        var now = clock.GetUtcNow();
        var until = (user.GuessesUntil > now ? user.GuessesUntil.Value : now) + Interval;
        return user with { GuessesUntil = until, FailedLogins = user.FailedLogins + 1, LockedUntil = FreeAt(until) is { } free && free > now ? free : null };
    }

    public User WithSuccess(User user, string? device) => IsTrusted(user, device) ? WithDevice(user, device!, 0) : user with { GuessesUntil = null, FailedLogins = 0, LockedUntil = null };

    /// <summary>When there is room for one more in the bucket.</summary>
    private DateTimeOffset? FreeAt(DateTimeOffset? until) => until - (options.Lockout.Duration - Interval);

    private bool IsTrusted(User user, string? device) => device is not null && FailuresOf(user, device) < options.Lockout.MaxFailures;

    private static int FailuresOf(User user, string device) => Read(user).FirstOrDefault(entry => entry.Device == device).Failures;

    private static User WithDevice(User user, string device, int failures)
    {
        var others = Read(user).Where(entry => entry.Device != device);
        // Whoever is left out for want of room is trusted again: so the ones with the fewest failures.
        var all = (failures > 0 ? others.Append((device, failures)) : others).OrderByDescending(entry => entry.Item2).Take(MostDevices).ToList();
        return user with { DeviceFailures = all.Count == 0 ? null : string.Join(' ', all.Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Item1}:{entry.Item2}"))) };
    }

    private static IEnumerable<(string Device, int Failures)> Read(User user) =>
        from entry in user.DeviceFailures?.Split(' ') ?? []
        let colon = entry.LastIndexOf(':')
        where colon > 0 && int.TryParse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _)
        select (entry[..colon], int.Parse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture));
}
