namespace FunctionsAuth.Protocol.Configuration;

/// <summary>Which events the server stores, and for how long.</summary>
public sealed record AuditOptions
{
    /// <summary>How long an event can be looked up. A timer deletes older events.</summary>
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromDays(90);

    /// <summary>
    /// The server stores an event for each successful token request. Each event costs one write. Without this setting, the server only counts these
    /// requests.
    /// </summary>
    public bool Tokens { get; init; }

    internal IEnumerable<string> Problems() => Limit.Check([new("Audit:KeepFor", KeepFor, TimeSpan.FromDays(1), TimeSpan.FromDays(3650))]);
}
