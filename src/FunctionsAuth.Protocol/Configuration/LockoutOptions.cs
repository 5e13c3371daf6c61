namespace FunctionsAuth.Protocol.Configuration;

/// <summary>How many wrong passwords an account takes from browsers in which nobody signed in to it before, and how many such a browser may send.</summary>
public sealed record LockoutOptions
{
    /// <summary>So many wrong passwords at once. 1 to 100 (NIST SP 800-63B §3.2.2).</summary>
    public int MaxFailures { get; init; } = 10;

    /// <summary>After this time so many are allowed again, one after the other: with 10 in 5 minutes, one more every 30 seconds.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(5);

    internal IEnumerable<string> Problems()
    {
        if (MaxFailures is < 1 or > 100)
            yield return "Lockout:MaxFailures must be between 1 and 100";
        foreach (var range in Limit.Check([new("Lockout:Duration", Duration, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1))]))
            yield return range;
    }
}
