namespace FunctionsAuth.Protocol.Errors;

/// <summary>
/// Storage or the key vault did not answer, or not in time. The client gets <c>503</c>, <c>Retry-After</c> and
/// <c>temporarily_unavailable</c>, and what it presented is still good.
/// </summary>
/// <param name="service">What failed, for the log, such as <c>storage</c> or <c>key vault</c>.</param>
/// <param name="inner">The failure itself.</param>
public class TemporarilyUnavailableException(string service, Exception? inner = null)
    : Exception($"The {service} is not available", inner)
{
    public string Service => service;

    /// <summary>Where the answer goes, once the redirect URI is known to be the client's; null until then.</summary>
    public RedirectTarget? ReturnTo { get; set; }

    /// <summary>How long the client should wait. Seconds on the wire.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);
}
