namespace FunctionsAuth.Protocol.Errors;

/// <summary>
/// Storage or the key vault did not answer, or not in time. The client gets <c>503</c>, <c>Retry-After</c> and <c>temporarily_unavailable</c>, and
/// its code or token can still be used.
/// </summary>
/// <param name="service">The service that failed, for the log, such as <c>storage</c> or <c>key vault</c>.</param>
/// <param name="inner">The failure itself.</param>
public class TemporarilyUnavailableException(string service, Exception? inner = null)
    : Exception($"The {service} is not available", inner)
{
    public string Service => service;

    /// <summary>The address for the answer, once the redirect URI is known to belong to the client; null until then.</summary>
    public RedirectTarget? ReturnTo { get; init; }

    /// <summary>How long the client should wait. Seconds on the wire.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The same failure, sent to the client's redirect URI. Requests that waited for the same call share the failure, but not the address.</summary>
    public TemporarilyUnavailableException To(RedirectTarget target) => new(Service, this) { ReturnTo = target, RetryAfter = RetryAfter };
}
