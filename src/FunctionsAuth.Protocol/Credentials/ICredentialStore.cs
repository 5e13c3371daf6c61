using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Credentials;

/// <summary>What a person can sign in with beside the password.</summary>
/// <param name="Factors">Not stored yet where the person has none.</param>
public sealed record PersonCredentials(SecondFactors Factors)
{
    /// <summary>The passkeys with which the person can sign in.</summary>
    public IReadOnlyList<Passkey> Passkeys { get; init; } = [];

    /// <summary>Where codes go by mail for who has nothing else; null where they do not, and as the store finds it.</summary>
    public string? EmailForCodes { get; init; }

    /// <summary>Null until the person first looks at the page of passkeys.</summary>
    public PasskeyHolder? PasskeyHolder { get; init; }
}

/// <summary>The credentials of people beside their passwords: all of one person stand together.</summary>
public interface ICredentialStore
{
    /// <summary>All of one person, in one operation.</summary>
    Task<PersonCredentials> FindAsync(string subject, CancellationToken cancellation);

    /// <summary>Inserts the record if its version is empty, else writes it if it still is as it was read.</summary>
    Task<WriteResult<SecondFactors>> TrySaveAsync(SecondFactors factors, CancellationToken cancellation);

    /// <summary>Deletes all of one person.</summary>
    Task DeleteAsync(string subject, CancellationToken cancellation);
}
