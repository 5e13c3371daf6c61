namespace FunctionsAuth.Protocol.Configuration;

/// <summary>When an account is closed to password guesses.</summary>
public sealed record LockoutOptions
{
    /// <summary>This many wrong passwords in a row lock the account. 1 to 100 (NIST SP 800-63B §3.2.2).</summary>
    public int MaxFailures { get; init; } = 10;

    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(5);

    internal IEnumerable<string> Problems()
    {
        if (MaxFailures is < 1 or > 100)
            yield return "Lockout:MaxFailures must be between 1 and 100";
        foreach (var range in Limit.Check([new("Lockout:Duration", Duration, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1))]))
            yield return range;
    }
}
