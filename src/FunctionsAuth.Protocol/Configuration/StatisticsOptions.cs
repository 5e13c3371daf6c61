namespace FunctionsAuth.Protocol.Configuration;

/// <summary>The hourly counters behind the numbers on the dashboard.</summary>
public sealed record StatisticsOptions
{
    /// <summary>
    /// The server counts sign-ins, failed sign-ins, new accounts, tokens, errors and refusals by limits for each hour, and keeps the numbers for 90 days.
    /// Each instance that is in use writes one row a minute.
    /// </summary>
    public bool Enabled { get; init; } = true;
}
