using FunctionsAuth.Protocol.Errors;

namespace FunctionsAuth.Protocol.Keys;

/// <summary>Why a vault did not do what it was asked.</summary>
public enum KeyVaultFailure
{
    /// <summary>It was unreachable or failed itself.</summary>
    Failed,
    TimedOut,

    /// <summary>More was asked of it than it does in its time.</summary>
    Throttled,

    /// <summary>The version is disabled, expired or gone, or the server may not use it. It will not pass by itself.</summary>
    Refused,
}

/// <summary>A vault did not do what it was asked. The client gets <c>503</c>, unless another vault helps out.</summary>
public sealed class KeyVaultException(KeyVaultFailure failure, Exception? inner = null) : TemporarilyUnavailableException("key vault", inner)
{
    public KeyVaultFailure Failure => failure;

    /// <summary>How long the vault wants to be left alone; null when it did not say. The client is told the same.</summary>
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
