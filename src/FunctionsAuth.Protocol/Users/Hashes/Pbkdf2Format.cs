using System.Security.Cryptography;

namespace FunctionsAuth.Protocol.Users.Hashes;

/// <summary><c>$pbkdf2-sha256$i=600000$salt$hash</c>, under the names that Keycloak gives the functions: without one, it is SHA-1.</summary>
internal sealed class Pbkdf2Format : IHashFormat
{
    private static readonly Dictionary<string, HashAlgorithmName> Functions = new()
    {
        ["$pbkdf2$"] = HashAlgorithmName.SHA1,
        ["$pbkdf2-sha256$"] = HashAlgorithmName.SHA256,
        ["$pbkdf2-sha512$"] = HashAlgorithmName.SHA512,
    };

    public bool Begins(string text) => Functions.Keys.Any(name => text.StartsWith(name, StringComparison.Ordinal));

    public HashReading Read(string text)
    {
        // Some systems write the length of the hash, l, too.
        if (!PhcString.TryRead(text, ["i", "l"], out var phc, out var problem))
            return HashReading.Wrong(problem);
        if (phc["i"] is not (>= 1 and <= Pbkdf2Hash.MostIterations and var iterations))
            return HashReading.Wrong($"must have 1 to {Pbkdf2Hash.MostIterations} iterations, as the parameter i");
        if (phc["l"] is { } length && length != phc.Hash.Length)
            return HashReading.Wrong("must have a hash of as many bytes as the parameter l says");
        var function = Functions.Single(entry => text.StartsWith(entry.Key, StringComparison.Ordinal)).Value;
        return new HashReading(new Pbkdf2Hash(function, iterations, phc.Salt, phc.Hash), null);
    }
}
