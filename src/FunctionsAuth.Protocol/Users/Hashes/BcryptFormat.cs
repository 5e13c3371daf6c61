using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace FunctionsAuth.Protocol.Users.Hashes;

/// <summary>
/// bcrypt, as OpenBSD, PHP and many others write it. 2a, 2b and 2y are one function; 2x is not among them, as it means hashes of an
/// implementation that computed something else.
/// </summary>
internal sealed partial class BcryptFormat : IHashFormat
{
    /// <summary>2 to the power of this is the number of rounds. One more would cost more than PBKDF2 may.</summary>
    private const int MaxCost = 14;

    private const int MinCost = 4;

    public bool Begins(string text) => Name().IsMatch(text);

    public HashReading Read(string text)
    {
        var match = Form().Match(text);
        if (!match.Success)
            return HashReading.Wrong("must have a cost of two digits, a $, and 53 characters that bcrypt writes");
        var cost = int.Parse(match.Groups["cost"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        return cost is < MinCost or > MaxCost
            ? HashReading.Wrong($"must have a cost from {MinCost} to {MaxCost}")
            : new HashReading(new BcryptHash(match.Groups["settings"].Value, cost, match.Groups["digest"].Value), null);
    }

    [GeneratedRegex(@"^\$2[aby]\$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"^(?<settings>\$2[aby]\$(?<cost>[0-9]{2})\$[./A-Za-z0-9]{22})(?<digest>[./A-Za-z0-9]{31})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    /// <param name="settings">The text up to the end of the salt.</param>
    private sealed class BcryptHash(string settings, int cost, string digest) : IPasswordHash
    {
        private const int MaxPasswordBytes = 72;

        private static readonly Weight WeightOfRound = new(1 << MinCost, () => BCrypt.Net.BCrypt.HashPassword("password", "$2b$04$CCCCCCCCCCCCCCCCCCCCC."));

        public double Cost => (1 << cost) * WeightOfRound.Value;

        public bool TakesMemory => false;

        public bool Matches(string password)
        {
            var bytes = Encoding.UTF8.GetBytes(password);
            // bcrypt ignores all text after 72 bytes, and many implementations ignore all text after a NUL. The hash says nothing about that part. So any
            // text there would be accepted, and would then become the user's password. Such a password is treated as wrong, after the same work.
            var isHashed = bytes.Length <= MaxPasswordBytes && !bytes.Contains((byte)0);
            // Decoded again, as the library throws for half of a character.
            var computed = BCrypt.Net.BCrypt.HashPassword(isHashed ? Encoding.UTF8.GetString(bytes) : "", settings);
            return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(computed[^digest.Length..]), Encoding.ASCII.GetBytes(digest)) && isHashed;
        }
    }
}
