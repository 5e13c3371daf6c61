using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace FunctionsAuth.Server.Tests.Rollover;

/// <summary>
/// The numbers of a private key that nobody may see, and a search for them in whatever spelling: raw bytes, base64 and base64url
/// at any offset (so PKCS#8, PEM and JWK, too), hex with or without separators, decimal.
/// </summary>
internal sealed partial class PrivateNumbers
{
    private readonly List<byte[]> raw = [];
    private readonly List<string> spelled = [];

    private PrivateNumbers(IEnumerable<byte[]> numbers)
    {
        foreach (var number in numbers)
        {
            // From its middle, so that a zero more or less at an end hides nothing.
            var middle = number[4..^4];
            raw.Add(middle);
            spelled.Add(Convert.ToHexStringLower(middle));
            spelled.AddRange(Enumerable.Range(0, 3).Select(offset => Base64At(middle, offset)));
            spelled.Add(new BigInteger(number, isUnsigned: true, isBigEndian: true).ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    public static PrivateNumbers Of(AsymmetricAlgorithm key)
    {
        if (key is ECDsa ec)
            return new PrivateNumbers([ec.ExportParameters(true).D!]);
        var rsa = ((RSA)key).ExportParameters(true);
        return new PrivateNumbers([rsa.D!, rsa.P!, rsa.Q!, rsa.DP!, rsa.DQ!, rsa.InverseQ!]);
    }

    public bool AreIn(byte[] bytes) => raw.Exists(number => bytes.AsSpan().IndexOf(number) >= 0) || AreIn(Encoding.Latin1.GetString(bytes));

    public bool AreIn(string text)
    {
        // JSON writes a plus sign so.
        var plain = White().Replace(text, "").Replace("\\u002B", "+", StringComparison.OrdinalIgnoreCase).Replace('+', '-').Replace('/', '_');
        var hex = Separators().Replace(plain, "").ToLowerInvariant();
        return spelled.Exists(number => plain.Contains(number, StringComparison.Ordinal) || hex.Contains(number, StringComparison.Ordinal));
    }

    /// <summary>What any base64url text has in it that encodes these bytes behind so many others.</summary>
    private static string Base64At(byte[] bytes, int offset)
    {
        var whole = (offset + bytes.Length) / 3 * 3;
        var text = System.Buffers.Text.Base64Url.EncodeToString([.. new byte[offset], .. bytes[..(whole - offset)]]);
        return text[(offset == 0 ? 0 : 4)..];
    }

    [GeneratedRegex(@"\s|\\[rn]")]
    private static partial Regex White();

    [GeneratedRegex("[-:,]|0x")]
    private static partial Regex Separators();
}
