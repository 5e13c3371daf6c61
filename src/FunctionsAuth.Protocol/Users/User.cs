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

    /// <summary>It never changes and is never given to another user (OpenID Connect Core §2, <c>sub</c>).</summary>
    public required string Subject { get; init; }

    public required string Username { get; init; }

    /// <summary>The text of a StoredHash; null when the user has no password.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>
    /// The password was set with a link from a mail. This proves only access to the mailbox, so a code by mail does not count as a second factor with
    /// this password.
    /// </summary>
    public bool PasswordSetByMail { get; init; }

    /// <summary>The tickets that undo a change of the email address, in the order of the changes. Undoing one change makes the later tickets void.</summary>
    public IReadOnlyList<string> EmailUndos { get; init; } = [];

    public bool Disabled { get; init; }

    /// <summary>The number of wrong passwords from unknown browsers since the last right one. Earlier releases use it.</summary>
    public int FailedLogins { get; init; }

    /// <summary>The time until which unknown browsers are locked out. Earlier releases read and write only this.</summary>
    public DateTimeOffset? LockedUntil { get; init; }

    /// <summary>The time at which the bucket of wrong passwords from unknown browsers is empty: see <see cref="Guesses"/>.</summary>
    public DateTimeOffset? GuessesUntil { get; init; }

    /// <summary>The known browsers that sent wrong passwords, each with the number: see <see cref="Guesses"/>.</summary>
    public string? DeviceFailures { get; init; }

    /// <summary>Logins before this time are invalid. It is set when the password changes or the account is disabled.</summary>
    public DateTimeOffset? SessionsValidFrom { get; init; }

    /// <summary>Claims of OpenID Connect Core §5.1 and the operator's own, by name.</summary>
    public JsonObject Claims { get; init; } = [];

    /// <summary>The names of the groups that the user is in, sorted.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>The terms of service that the user accepted last; null for none.</summary>
    public AcceptedTerms? AcceptedTerms { get; init; }

    /// <summary>What the store compares on a write; empty for a record that is not stored yet.</summary>
    public string Version { get; init; } = "";

    /// <summary>The record as it was read, which a write compares; null for a record that is not stored yet.</summary>
    public User? AsRead { get; init; }

    /// <summary>How often the user changed the username. Former names stay reserved, so the number is limited.</summary>
    public int UsernameChanges { get; init; }

    /// <summary>Whether names, claims, groups, password and disabled state are the same, so that there is nothing to change.</summary>
    public bool HasSameRecordAs(User other) => Username == other.Username && Disabled == other.Disabled && PasswordHash == other.PasswordHash
        && Groups.SequenceEqual(other.Groups) && JsonNode.DeepEquals(Claims, other.Claims);

    /// <summary>Wrong passwords count against the account now, or did before.</summary>
    public bool HasFailures => FailedLogins > 0 || LockedUntil is not null || GuessesUntil is not null || DeviceFailures is not null;

    /// <summary>True if the user is active and the login is not older than the password.</summary>
    public bool Trusts(DateTimeOffset authTime) => !Disabled && DeletedAt is null && (SessionsValidFrom is null || authTime >= SessionsValidFrom);

    /// <summary>The user with a disabled account. Sessions and tokens from before stay invalid when the account is enabled again.</summary>
    public User Disable(DateTimeOffset now) => this with { Disabled = true, SessionsValidFrom = now };

    /// <summary>The user with a new password: all earlier logins become invalid, and earlier wrong passwords no longer count.</summary>
    public User WithPassword(string? hash, DateTimeOffset now) =>
        this with { PasswordHash = hash, PasswordSetByMail = false, SessionsValidFrom = now, FailedLogins = 0, LockedUntil = null, GuessesUntil = null, DeviceFailures = null };

    /// <summary>The time of the deletion; null if the account is not deleted. The row is kept, so that no other user gets the subject.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>The remaining record of a deleted account, without personal data.</summary>
    public User Delete(DateTimeOffset now) => new() { Subject = Subject, Username = "", Disabled = true, SessionsValidFrom = now, DeletedAt = now, Version = Version, AsRead = AsRead };

    /// <summary>The names with which the user can sign in: the username, and the email address if it is verified.</summary>
    public IEnumerable<string> LoginNames()
    {
        yield return Username;
        if (VerifiedEmail is { } email && LoginName.Normalize(email) != LoginName.Normalize(Username))
            yield return email;
    }

    /// <summary>A new subject.</summary>
    public static string NewSubject() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SubjectLength));

    /// <summary>Whether the user can sign in with this name.</summary>
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

    /// <summary>The recipient for mail about the account.</summary>
    public MailRecipient AsRecipient() => new(VerifiedEmail, Username, Locale);

    /// <summary>Whether that is the verified address.</summary>
    public bool HasVerified(string address) => VerifiedEmail is { } email && LoginName.Normalize(email) == LoginName.Normalize(address);
}

/// <summary>Terms of service, and when the person accepted them.</summary>
/// <param name="Version">The version, as the operator names it.</param>
public sealed record AcceptedTerms(string Version, DateTimeOffset At);

/// <summary>A name with which a user signs in.</summary>
public static class LoginName
{
    public const int MaxLength = 256;

    /// <summary>
    /// Names that differ only in case, in white space around them, or in how Unicode spells or draws the same characters are one name.
    /// </summary>
    public static string Normalize(string name) => NormalForm.Compatible(NormalForm.Compatible(name.Trim()).ToLowerInvariant());

    /// <summary>The normalization of earlier releases, which wrote rows under this form of the name.</summary>
    public static string NormalizeAsBefore(string name) => name.Trim().ToLowerInvariant();
}

public interface IUserStore
{
    Task<User?> FindAsync(string subject, CancellationToken cancellation);

    /// <summary>
    /// The users whose username has this beginning, in no particular order, without deleted users. It reads all users, so use it only for commands of
    /// an operator.
    /// </summary>
    /// <param name="prefix">Compared like login names. Empty for all users.</param>
    IAsyncEnumerable<User> ListAsync(string prefix, CancellationToken cancellation);

    /// <summary>The subject of the user who signs in with this name, or null.</summary>
    Task<string?> FindSubjectAsync(string loginName, CancellationToken cancellation);

    /// <summary>The subject of the user who signs in with this name or did so before, even if the user was deleted; or null.</summary>
    Task<string?> FindOwnerAsync(string loginName, CancellationToken cancellation);

    /// <summary>Adds the user with its login names. Returns false, and stores nothing, if one of the names is or was the name of another user.</summary>
    /// <param name="byOperator">Whether names of deleted users can be used again. Only an operator can decide this.</param>
    Task<bool> TryCreateAsync(User user, bool byOperator, CancellationToken cancellation);

    /// <summary>Inserts the record if its version is empty. Otherwise replaces it if it has not changed since it was read. Does not change login names.</summary>
    Task<WriteResult<User>> TrySaveAsync(User user, CancellationToken cancellation);

    /// <summary>Adds a login name to the user. Returns false if it is or was the name of another user.</summary>
    Task<bool> TryAddLoginNameAsync(string loginName, string subject, CancellationToken cancellation);

    /// <summary>Removes a login name from the user and frees it. Nothing happens if it is not, or no longer, a name of this user.</summary>
    Task RemoveLoginNameAsync(string loginName, string subject, CancellationToken cancellation);

    /// <summary>
    /// Retires a login name: nobody can sign in with it, and no other user can get it, because a new owner could pretend to be the user. Nothing
    /// happens if the name belongs to the user again, or to another user.
    /// </summary>
    Task RetireLoginNameAsync(string loginName, string subject, CancellationToken cancellation);
}
