using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Notices;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Text;

namespace FunctionsAuth.Protocol.Users;

public sealed record User
{
    private const int SubjectLength = 16;

    /// <summary>Never changes and is never given to somebody else (OpenID Connect Core §2, <c>sub</c>).</summary>
    public required string Subject { get; init; }

    public required string Username { get; init; }

    /// <summary>What a StoredHash is read from; null when the user has no password.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>The password was chosen by a link in a mail: whoever has it has proven nothing but access to the mailbox, so a code by mail is no second factor beside it.</summary>
    public bool PasswordSetByMail { get; init; }

    /// <summary>The tickets that take a change of the email address back, in the order of the changes. Taking one back voids those that came after it.</summary>
    public IReadOnlyList<string> EmailUndos { get; init; } = [];

    public bool Disabled { get; init; }

    /// <summary>Wrong passwords from unknown browsers since the last right one: instances of earlier releases count by it.</summary>
    public int FailedLogins { get; init; }

    /// <summary>Until when unknown browsers may not guess: instances of earlier releases read and write nothing else.</summary>
    public DateTimeOffset? LockedUntil { get; init; }

    /// <summary>When the bucket of wrong passwords from unknown browsers has drained: see <see cref="Guesses"/>.</summary>
    public DateTimeOffset? GuessesUntil { get; init; }

    /// <summary>The known browsers from which wrong passwords came, each with their number: see <see cref="Guesses"/>.</summary>
    public string? DeviceFailures { get; init; }

    /// <summary>Whoever signed in before has to do it again: set when the password changes or the account is disabled.</summary>
    public DateTimeOffset? SessionsValidFrom { get; init; }

    /// <summary>Claims of OpenID Connect Core §5.1 and the operator's own, by name.</summary>
    public JsonObject Claims { get; init; } = [];

    /// <summary>The names of the groups that the user is in, sorted.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>The terms of service that the person accepted last; null where it was none.</summary>
    public AcceptedTerms? AcceptedTerms { get; init; }

    /// <summary>What the store compares on a write; empty for a record that is not stored yet.</summary>
    public string Version { get; init; } = "";

    /// <summary>The record as it was read, by which a write knows what it changes; null for one that is not stored yet.</summary>
    public User? AsRead { get; init; }

    /// <summary>How often the person changed the username: each former name stays the person's, so there is an end to it.</summary>
    public int UsernameChanges { get; init; }

    /// <summary>Whether an operator would find nothing changed: the names, the claims, the groups, the password, and whether the account is disabled.</summary>
    public bool HasSameRecordAs(User other) => Username == other.Username && Disabled == other.Disabled && PasswordHash == other.PasswordHash
        && Groups.SequenceEqual(other.Groups) && JsonNode.DeepEquals(Claims, other.Claims);

    /// <summary>Wrong passwords count against the account at the moment, or did.</summary>
    public bool HasFailures => FailedLogins > 0 || LockedUntil is not null || GuessesUntil is not null || DeviceFailures is not null;

    /// <summary>True for an active user, and a login that is not older than the password.</summary>
    public bool Trusts(DateTimeOffset authTime) => !Disabled && DeletedAt is null && (SessionsValidFrom is null || authTime >= SessionsValidFrom);

    /// <summary>The user, who may not sign in any more. Sessions and tokens of before stay dead when the account is enabled again.</summary>
    public User Disable(DateTimeOffset now) => this with { Disabled = true, SessionsValidFrom = now };

    /// <summary>The user with another password: whoever knew the old one has to sign in again, and no wrong password of before counts.</summary>
    public User WithPassword(string? hash, DateTimeOffset now) =>
        this with { PasswordHash = hash, PasswordSetByMail = false, SessionsValidFrom = now, FailedLogins = 0, LockedUntil = null, GuessesUntil = null, DeviceFailures = null };

    /// <summary>When the account was deleted; null while it is there. The row stays, so that nobody else ever gets the subject.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>What is left of a deleted account: nothing but that there was one.</summary>
    public User Delete(DateTimeOffset now) => new() { Subject = Subject, Username = "", Disabled = true, SessionsValidFrom = now, DeletedAt = now, Version = Version, AsRead = AsRead };

    /// <summary>What the person may type to sign in: the username, and the email address once it is verified.</summary>
    public IEnumerable<string> LoginNames()
    {
        yield return Username;
        if (VerifiedEmail is { } email && LoginName.Normalize(email) != LoginName.Normalize(Username))
            yield return email;
    }

    /// <summary>A subject that nobody has.</summary>
    public static string NewSubject() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SubjectLength));

    /// <summary>Whether the person signs in with that name.</summary>
    public bool HasLoginName(string name) => LoginNames().Select(LoginName.Normalize).Contains(LoginName.Normalize(name));

    /// <summary>The email address, if it is verified.</summary>
    public string? VerifiedEmail => Claims["email_verified"]?.GetValueKind() == System.Text.Json.JsonValueKind.True ? (string?)Claims["email"] : null;

    /// <summary>The claims with another address, which is verified.</summary>
    public JsonObject ClaimsWith(string verifiedEmail)
    {
        var claims = Claims.DeepClone().AsObject();
        claims["email"] = verifiedEmail;
        claims["email_verified"] = true;
        return claims;
    }

    /// <summary>The language that the person chose (OpenID Connect Core §5.1); null for none.</summary>
    public string? Locale => (Claims["locale"] as JsonValue)?.ToString();

    /// <summary>To whom mail about the account goes.</summary>
    public MailRecipient AsRecipient() => new(VerifiedEmail, Username, Locale);

    /// <summary>Whether that is the verified address.</summary>
    public bool HasVerified(string address) => VerifiedEmail is { } email && LoginName.Normalize(email) == LoginName.Normalize(address);
}

/// <summary>Terms of service, and when the person accepted them.</summary>
/// <param name="Version">As the operator calls it.</param>
public sealed record AcceptedTerms(string Version, DateTimeOffset At);

/// <summary>What a person types to sign in.</summary>
public static class LoginName
{
    public const int MaxLength = 256;

    /// <summary>
    /// Names that differ only in case, in white space around them, or in how Unicode spells or draws the same characters are one name.
    /// </summary>
    public static string Normalize(string name) => NormalForm.Compatible(NormalForm.Compatible(name.Trim()).ToLowerInvariant());

    /// <summary>As earlier releases did it: rows of names that they wrote stand under this form.</summary>
    public static string NormalizeAsBefore(string name) => name.Trim().ToLowerInvariant();
}

public interface IUserStore
{
    Task<User?> FindAsync(string subject, CancellationToken cancellation);

    /// <summary>
    /// The users whose username begins like that, in no particular order, without those that were deleted. It reads all users, so it is for an
    /// operator's commands only.
    /// </summary>
    /// <param name="prefix">Compared as login names are; empty for all.</param>
    IAsyncEnumerable<User> ListAsync(string prefix, CancellationToken cancellation);

    /// <summary>The subject that signs in with that name, or null.</summary>
    Task<string?> FindSubjectAsync(string loginName, CancellationToken cancellation);

    /// <summary>The subject that signs in with that name, or did so once and may have been deleted; or null.</summary>
    Task<string?> FindOwnerAsync(string loginName, CancellationToken cancellation);

    /// <summary>
    /// Adds the user with its login names; false when one of them is another user's, or once was, and then nothing is left of it.
    /// </summary>
    /// <param name="byOperator">Names of users who were deleted are free then: an operator says who somebody is, and nobody else.</param>
    Task<bool> TryCreateAsync(User user, bool byOperator, CancellationToken cancellation);

    /// <summary>
    /// Inserts the record if its version is empty, else writes it if it still is as it was read. Does not touch login names.
    /// </summary>
    Task<WriteResult<User>> TrySaveAsync(User user, CancellationToken cancellation);

    /// <summary>Lets the user sign in with one more name; false when it is another user's, or once was.</summary>
    Task<bool> TryAddLoginNameAsync(string loginName, string subject, CancellationToken cancellation);

    /// <summary>Takes a name from the user, and frees it; nothing happens when it is not, or no longer, that user's.</summary>
    Task RemoveLoginNameAsync(string loginName, string subject, CancellationToken cancellation);

    /// <summary>
    /// Lets nobody sign in with the name any more, and nobody else ever have it: whoever took it could pass for the user. Nothing happens where
    /// it is one of the user's names again, or another user's.
    /// </summary>
    Task RetireLoginNameAsync(string loginName, string subject, CancellationToken cancellation);
}
