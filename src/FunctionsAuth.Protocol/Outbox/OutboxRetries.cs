namespace FunctionsAuth.Protocol.Outbox;

/// <summary>When an attempt to deliver is repeated.</summary>
public static class OutboxRetries
{
    /// <summary>An attempt that has not ended by then is taken for dead.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    /// <summary>For how long attempts are made where nothing says otherwise.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromHours(24);

    private static readonly TimeSpan[] Pauses =
        [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(6)];

    /// <param name="attempts">How many were made.</param>
    /// <returns>How long to wait before the next one.</returns>
    public static TimeSpan PauseAfter(int attempts) => Pauses[Math.Clamp(attempts, 1, Pauses.Length) - 1];

    /// <summary>True where an attempt that ends now and fails is not followed by another one.</summary>
    public static bool IsLast(OutboxItem item, DateTimeOffset now) => now + PauseAfter(item.Attempts) > item.Until;
}
