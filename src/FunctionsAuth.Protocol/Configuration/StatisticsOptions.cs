namespace FunctionsAuth.Protocol.Configuration;

/// <summary>The hourly counters behind the numbers on the dashboard.</summary>
public sealed record StatisticsOptions
{
    /// <summary>Counts sign-ins, tokens and refusals, which costs each instance that is in use one write a minute.</summary>
    public bool Enabled { get; init; } = true;
}
