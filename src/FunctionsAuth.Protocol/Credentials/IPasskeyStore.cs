using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Credentials;

/// <summary>The passkeys of people. <see cref="ICredentialStore"/> finds them, and deletes all of one person.</summary>
public interface IPasskeyStore
{
    /// <summary>Whose passkey has that credential id; null when nobody's.</summary>
    Task<string?> FindSubjectAsync(byte[] credentialId, CancellationToken cancellation);

    /// <summary>Keeps a credential id for one person: of several people at once, one gets it.</summary>
    /// <returns>False when it is somebody else's.</returns>
    Task<bool> TryTakeIdAsync(byte[] credentialId, string subject, CancellationToken cancellation);

    /// <summary>Inserts the record if its version is empty, else writes it if it still is as it was read.</summary>
    Task<WriteResult<PasskeyHolder>> TrySaveHolderAsync(PasskeyHolder holder, CancellationToken cancellation);

    /// <inheritdoc cref="TrySaveHolderAsync"/>
    Task<WriteResult<Passkey>> TrySaveAsync(Passkey passkey, CancellationToken cancellation);

    /// <summary>Deletes the passkey, and frees its credential id.</summary>
    Task DeleteAsync(Passkey passkey, CancellationToken cancellation);

    /// <summary>How many passkeys were made for another RP ID. It reads all of them, so it is for an operator's commands only.</summary>
    Task<int> CountOthersAsync(string relyingPartyId, CancellationToken cancellation);
}
