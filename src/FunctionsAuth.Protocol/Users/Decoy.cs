using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users.Hashes;

namespace FunctionsAuth.Protocol.Users;

/// <summary>
/// What stands in for a user whom nobody registered, so that a guess at such a name costs and contends exactly as one at a
/// user's: a record of that name's own, which no password opens. It ends with the day after, so guesses fill no storage.
/// </summary>
public sealed class Decoy(TimeProvider clock)
{
    private const string Prefix = "decoy-";

    /// <summary>No password has it, and it is as costly to verify as a user's.</summary>
    public string PasswordHash { get; } = StoredHash.OfNobody();

    public User Of(string loginName)
    {
        var name = SHA256.HashData(Encoding.UTF8.GetBytes(LoginName.Normalize(loginName)));
        var address = RecordAddress.Of(name, new DateTimeOffset(clock.GetUtcNow().UtcDateTime.Date.AddDays(2), TimeSpan.Zero));
        return new User { Subject = Prefix + address, Username = "", PasswordHash = PasswordHash, Disabled = true };
    }

    /// <summary>Where the record of a decoy is; false for the subject of a user.</summary>
    public static bool TryParse(string subject, [NotNullWhen(true)] out RecordAddress? address)
    {
        address = null;
        return subject.StartsWith(Prefix, StringComparison.Ordinal) && RecordAddress.TryParse(subject[Prefix.Length..], out address);
    }
}
