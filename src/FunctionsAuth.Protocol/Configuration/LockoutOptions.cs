namespace FunctionsAuth.Protocol.Configuration;

/// <summary>
/// How many wrong passwords the server accepts for an account from browsers in which nobody signed in to that account before, and how many from one such
/// browser.
/// </summary>
public sealed record LockoutOptions
{
    /// <summary>How many wrong passwords are possible at once. 1 to 100 (NIST SP 800-63B, section 3.2.2).</summary>
    public int MaxFailures { get; init; } = 10;

    /// <summary>The time in which the same number becomes possible again, one after the other. With 10 in 5 minutes, that is one more every 30 seconds.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(5);

    internal IEnumerable<string> Problems()
    {
        if (MaxFailures is < 1 or > 100)
            yield return "Lockout:MaxFailures must be between 1 and 100";
        foreach (var range in Limit.Check([new("Lockout:Duration", Duration, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1))]))
            yield return range;
    }
}
