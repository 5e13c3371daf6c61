namespace FunctionsAuth.Protocol.Outbox;

/// <summary>The times at which failed deliveries are repeated.</summary>
public static class OutboxRetries
{
    /// <summary>If an attempt has not ended after this time, another process can start a new one.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    /// <summary>The usual time for which attempts are made.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromHours(24);

    private static readonly TimeSpan[] Pauses =
        [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(6)];

    /// <param name="attempts">The number of attempts so far.</param>
    /// <returns>The pause before the next attempt.</returns>
    public static TimeSpan PauseAfter(int attempts) => Pauses[Math.Clamp(attempts, 1, Pauses.Length) - 1];

    /// <summary>Whether no attempt follows if the current attempt ends now and fails.</summary>
    public static bool IsLast(OutboxItem item, DateTimeOffset now) => now + PauseAfter(item.Attempts) > item.Until;
}
