using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Credentials;

/// <summary>The sign-in methods of a user in addition to the password.</summary>
/// <param name="Factors">Empty and not stored if the user has none.</param>
public sealed record PersonCredentials(SecondFactors Factors)
{
    /// <summary>The passkeys with which the user can sign in.</summary>
    public IReadOnlyList<Passkey> Passkeys { get; init; } = [];

    /// <summary>The address for codes by mail, if the user has no other factor; null if no codes are mailed, and in the result of the store.</summary>
    public string? EmailForCodes { get; init; }

    /// <summary>Null until the user opens the page of passkeys for the first time.</summary>
    public PasskeyHolder? PasskeyHolder { get; init; }
}

/// <summary>The credentials of users in addition to their passwords. All credentials of one user are stored together.</summary>
public interface ICredentialStore
{
    /// <summary>All credentials of one user, in one operation.</summary>
    Task<PersonCredentials> FindAsync(string subject, CancellationToken cancellation);

    /// <summary>Inserts the record if its version is empty. Otherwise replaces it if it has not changed since it was read.</summary>
    Task<WriteResult<SecondFactors>> TrySaveAsync(SecondFactors factors, CancellationToken cancellation);

    /// <summary>Deletes all credentials of one user.</summary>
    Task DeleteAsync(string subject, CancellationToken cancellation);
}
