using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Credentials;

/// <summary>The passkeys of people. <see cref="ICredentialStore"/> finds them, and deletes all of one person.</summary>
public interface IPasskeyStore
{
    /// <summary>The subject of the user whose passkey has this credential id; null if there is none.</summary>
    Task<string?> FindSubjectAsync(byte[] credentialId, CancellationToken cancellation);

    /// <summary>Reserves a credential id for one user: of several users at the same time, one gets it.</summary>
    /// <returns>False when the id belongs to another user.</returns>
    Task<bool> TryTakeIdAsync(byte[] credentialId, string subject, CancellationToken cancellation);

    /// <summary>Inserts the record if its version is empty. Otherwise replaces it if it has not changed since it was read.</summary>
    Task<WriteResult<PasskeyHolder>> TrySaveHolderAsync(PasskeyHolder holder, CancellationToken cancellation);

    /// <inheritdoc cref="TrySaveHolderAsync"/>
    Task<WriteResult<Passkey>> TrySaveAsync(Passkey passkey, CancellationToken cancellation);

    /// <summary>Deletes the passkey, and frees its credential id.</summary>
    Task DeleteAsync(Passkey passkey, CancellationToken cancellation);

    /// <summary>The number of passkeys that were created for another RP ID. It reads all of them, so use it only for commands of an operator.</summary>
    Task<int> CountOthersAsync(string relyingPartyId, CancellationToken cancellation);
}
