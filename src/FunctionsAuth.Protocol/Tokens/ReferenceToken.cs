using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Tokens;

/// <summary>An access token that is a random handle. Its claims are in its record.</summary>
/// <param name="Address">The address, which ends in the hour in which the token ends.</param>
/// <param name="Hash">SHA-256 of the secrets in the handle.</param>
/// <param name="Payload">The claims of RFC 9068 §2.2, as JSON.</param>
public sealed record ReferenceToken(RecordAddress Address, byte[] Hash, string Payload);

public interface IReferenceTokenStore
{
    Task InsertAsync(ReferenceToken token, CancellationToken cancellation);

    Task<ReferenceToken?> FindAsync(RecordAddress address, CancellationToken cancellation);

    /// <summary>Ends a token. It is no error if the token no longer exists.</summary>
    Task DeleteAsync(RecordAddress address, CancellationToken cancellation);
}
