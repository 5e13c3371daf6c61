using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace FunctionsAuth.Protocol.Users.Hashes;

/// <summary>
/// The PHC string format: <c>$name$version$parameters$salt$hash</c>, where the version may be absent. Salt and hash are base64; the format has
/// no padding, but who builds such a text from an export may leave it there.
/// </summary>
internal sealed class PhcString
{
    /// <summary>The minimum length of a salt, in bytes: RFC 8018 §4.1, RFC 9106 §3.1.</summary>
    public const int MinSaltLength = 8;

    /// <summary>The minimum length of a hash, in bytes. Shorter hashes can be guessed.</summary>
    public const int MinHashLength = 16;

    /// <summary>The maximum length of a salt and of a hash, in bytes. Longer values add work but no security.</summary>
    public const int MaxLength = 64;

    // The text before the first sign, the name, parameters, salt and hash.
    private const int FewestParts = 5;

    private readonly Dictionary<string, int> parameters = [];

    private PhcString(byte[] salt, byte[] hash) => (Salt, Hash) = (salt, hash);

    public byte[] Salt { get; }

    public byte[] Hash { get; }

    /// <summary>The parameter, or null if it is not there.</summary>
    public int? this[string name] => parameters.TryGetValue(name, out var value) ? value : null;

    /// <param name="names">The parameters that the text may have, each once, as whole numbers. The version is one of them.</param>
    /// <param name="problem">See <see cref="HashReading.Problem"/>.</param>
    public static bool TryRead(string text, string[] names, [NotNullWhen(true)] out PhcString? read, [NotNullWhen(false)] out string? problem)
    {
        var parts = text.Split('$');
        read = null;
        problem = "must have parameters, a salt and a hash, each after a $";
        if (parts.Length is not (FewestParts or FewestParts + 1))
            return false;
        problem = $"must have a salt of {MinSaltLength} to {MaxLength} bytes in base64";
        if (!TryDecode(parts[^2], out var salt) || salt.Length is < MinSaltLength or > MaxLength)
            return false;
        problem = $"must have a hash of {MinHashLength} to {MaxLength} bytes in base64";
        if (!TryDecode(parts[^1], out var hash) || hash.Length is < MinHashLength or > MaxLength)
            return false;
        problem = $"must have the parameters {string.Join(", ", names)} at most once, as whole numbers, and no others";
        var phc = new PhcString(salt, hash);
        if (!parts[2..^2].SelectMany(part => part.Split(',')).All(parameter => phc.TryAdd(parameter, names)))
            return false;
        (read, problem) = (phc, null);
        return true;
    }

    private bool TryAdd(string parameter, string[] names)
    {
        var name = names.FirstOrDefault(name => parameter.StartsWith($"{name}=", StringComparison.Ordinal));
        return name is not null
            && int.TryParse(parameter.AsSpan(name.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && parameters.TryAdd(name, value);
    }

    private static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = [];
        var unpadded = text.TrimEnd('=');
        // .NET would also read base64 with white space in it.
        if (text.Length - unpadded.Length > 2 || text.Any(char.IsWhiteSpace))
            return false;
        var padded = unpadded.PadRight((unpadded.Length + 3) / 4 * 4, '=');
        var buffer = new byte[padded.Length];
        if (!Convert.TryFromBase64String(padded, buffer, out var length))
            return false;
        bytes = buffer[..length];
        return true;
    }
}
