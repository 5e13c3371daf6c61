using FunctionsAuth.Protocol.Errors;

namespace FunctionsAuth.Protocol.Keys;

/// <summary>Why a key store did not do what it was asked to do.</summary>
public enum KeyStoreFailure
{
    /// <summary>The store could not be reached, or it answered with an error of its own.</summary>
    Failed,

    /// <summary>The store did not answer in time.</summary>
    TimedOut,

    /// <summary>The store received more requests than it allows.</summary>
    Throttled,

    /// <summary>The version is disabled, expired or deleted, or the server has no right to use it. A retry does not help.</summary>
    Refused,
}

/// <summary>
/// A key store did not do what it was asked to do. If no other store can sign instead, the client receives status 503 with the error
/// <c>temporarily_unavailable</c>.
/// </summary>
public sealed class KeyStoreException(KeyStoreFailure failure, Exception? inner = null) : TemporarilyUnavailableException("key vault", inner)
{
    public KeyStoreFailure Failure => failure;

    /// <summary>How long the store asked to wait before the next request; null when it did not say. The client receives the same time in <c>Retry-After</c>.</summary>
    public TimeSpan? WaitFor
    {
        get;
        init
        {
            field = value;
            RetryAfter = value ?? RetryAfter;
        }
    }
}
