using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users.Hashes;

namespace FunctionsAuth.Protocol.Users;

/// <summary>
/// Placeholder records for unknown usernames, so that a login attempt takes the same time and has the same conflicts whether or not the user exists.
/// Each name has its own record, which no password matches. The record expires after the next day, so that guesses do not fill the storage.
/// </summary>
public sealed class Decoy(TimeProvider clock)
{
    private const string Prefix = "decoy-";

    /// <summary>No password matches this hash, and verifying it costs as much as verifying the hash of a user.</summary>
    public string PasswordHash { get; } = StoredHash.OfNobody();

    public User Of(string loginName)
    {
        var name = SHA256.HashData(Encoding.UTF8.GetBytes(LoginName.Normalize(loginName)));
        var address = RecordAddress.Of(name, new DateTimeOffset(clock.GetUtcNow().UtcDateTime.Date.AddDays(2), TimeSpan.Zero));
        return new User { Subject = Prefix + address, Username = "", PasswordHash = PasswordHash, Disabled = true };
    }

    /// <summary>The address of the placeholder record; false for the subject of a user.</summary>
    public static bool TryParse(string subject, [NotNullWhen(true)] out RecordAddress? address)
    {
        address = null;
        return subject.StartsWith(Prefix, StringComparison.Ordinal) && RecordAddress.TryParse(subject[Prefix.Length..], out address);
    }
}
