namespace FunctionsAuth.Protocol.Configuration;

/// <summary>What is written down of what people, clients and operators do.</summary>
public sealed record AuditOptions
{
    /// <summary>How long an event can be looked up. Then the timer deletes it. 1 day to 10 years.</summary>
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Writes each token request that succeeds, and not only the number of them. It costs a write for each.</summary>
    public bool Tokens { get; init; }

    internal IEnumerable<string> Problems() => Limit.Check([new("Audit:KeepFor", KeepFor, TimeSpan.FromDays(1), TimeSpan.FromDays(3650))]);
}
