using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace FunctionsAuth.Protocol.Users.Hashes;

/// <summary>
/// The hash of a user's password: one of this server's own, which ASP.NET Core Identity's PasswordHasher writes, or one that was imported from
/// another system and is replaced when its user signs in.
/// </summary>
public sealed class StoredHash
{
    /// <summary>The cost of a hash of this server, in iterations: OWASP's recommendation for PBKDF2-HMAC-SHA512.</summary>
    public const int UsualIterations = 210_000;

    // Each loads the library that it needs when it first verifies a password, so that servers without such hashes never load it.
    private static readonly IHashFormat[] Formats = [new AspNetFormat(), new Pbkdf2Format(), new BcryptFormat(), new Argon2Format()];

    private readonly IPasswordHash hash;

    private StoredHash(IPasswordHash hash, bool isOwn) => (this.hash, IsOwn) = (hash, isOwn);

    /// <summary>False: it should be replaced by one of this server's own as soon as somebody types the right password.</summary>
    public bool IsOwn { get; }

    /// <summary>The cost of a verification, in iterations of PBKDF2-HMAC-SHA512 on this machine.</summary>
    public double Cost => hash.Cost;

    /// <summary>Iterations of PBKDF2-HMAC-SHA512 that a verification lacks, compared with one of this server's own hashes.</summary>
    public int Padding => (int)Math.Ceiling(Math.Max(0, UsualIterations - Cost));

    /// <summary>Whether <see cref="Matches"/> may fill up to 64 MiB, so that it must not run several times at once.</summary>
    public bool TakesMemory => hash.TakesMemory;

    /// <summary>Takes the same time for right and wrong passwords.</summary>
    public bool Matches(string password) => hash.Matches(password);

    /// <returns>False when this server can't read the text or would not do the work that it asks for.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out StoredHash? stored)
    {
        var read = Read(text).Hash;
        var isOwn = Formats[0].Begins(text) && read is Pbkdf2Hash { Iterations: UsualIterations } own && own.Function == HashAlgorithmName.SHA512;
        stored = read is null ? null : new StoredHash(read, isOwn);
        return stored is not null;
    }

    /// <summary>One that no password has, if the text can't be read: to verify it takes as long as any other.</summary>
    public static StoredHash Of(string text) =>
        TryParse(text, out var stored) || TryParse(OfNobody(), out stored) ? stored : throw new UnreachableException();

    /// <returns>The problem of the text, as the rest of a sentence that begins with its name and contains no part of the text; null if the text is
    /// right.</returns>
    public static string? ProblemOf(string text) => Read(text).Problem;

    /// <summary>A hash with the same cost as that of a user, but of no password, because nothing was hashed for it.</summary>
    public static string OfNobody() => AspNetFormat.Write(UsualIterations, RandomNumberGenerator.Fill);

    private static HashReading Read(string text) =>
        Formats.FirstOrDefault(format => format.Begins(text))?.Read(text) ?? AspNetFormat.Unreadable;
}
