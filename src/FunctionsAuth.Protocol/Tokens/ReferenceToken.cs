using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Tokens;

/// <summary>An access token that is a handle: what a JWT would say stands in its record.</summary>
/// <param name="Address">Its end is the hour in which the token ends.</param>
/// <param name="Hash">SHA-256 of the handle's secrets.</param>
/// <param name="Payload">The claims of RFC 9068 §2.2, as JSON.</param>
public sealed record ReferenceToken(RecordAddress Address, byte[] Hash, string Payload);

public interface IReferenceTokenStore
{
    Task InsertAsync(ReferenceToken token, CancellationToken cancellation);

    Task<ReferenceToken?> FindAsync(RecordAddress address, CancellationToken cancellation);

    /// <summary>Ends a token; one that is gone already is no error.</summary>
    Task DeleteAsync(RecordAddress address, CancellationToken cancellation);
}
