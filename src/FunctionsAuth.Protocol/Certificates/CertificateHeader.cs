using System.Buffers.Text;
using System.Security.Cryptography;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;

namespace FunctionsAuth.Protocol.Certificates;

/// <summary>Reads the header in which proxies pass a client's certificate. Each format contains exactly one certificate.</summary>
internal static class CertificateHeader
{
    private const string PemLabel = "CERTIFICATE";
    private const string XfccCertificate = "Cert";

    /// <param name="encoding">One of those of <see cref="ClientCertificateOptions"/>.</param>
    /// <exception cref="OAuthException"><c>invalid_request</c>: the header is malformed or too long.</exception>
    public static byte[] Decode(string value, string encoding)
    {
        // Percent encoding makes three characters of one.
        if (value.Length > 3 * 2 * ClientCertificate.MostBytes)
            throw ClientCertificate.Malformed();
        return encoding switch
        {
            ClientCertificateOptions.Base64 => FromBase64(value),
            ClientCertificateOptions.Rfc9440 => value is [':', .., ':'] && value.Length > 2 ? FromBase64(value[1..^1]) : throw ClientCertificate.Malformed(),
            ClientCertificateOptions.Pem => FromPem(value),
            ClientCertificateOptions.Xfcc => FromPem(CertificateOf(value)),
            _ => throw new ArgumentOutOfRangeException(nameof(encoding)),
        };
    }

    private static byte[] FromBase64(string text)
    {
        if (!Base64.IsValid(text))
            throw ClientCertificate.Malformed();
        return Convert.FromBase64String(text);
    }

    private static byte[] FromPem(string escaped)
    {
        // A plus sign is not a space here: it belongs to base64.
        var text = Uri.UnescapeDataString(escaped).Trim();
        if (!PemEncoding.TryFind(text, out var fields) || fields.Location.GetOffsetAndLength(text.Length) != (0, text.Length) || text[fields.Label] != PemLabel)
            throw ClientCertificate.Malformed();
        return Convert.FromBase64String(text[fields.Base64Data]);
    }

    /// <summary>
    /// One element for each proxy, separated by commas, with members separated by semicolons. Several elements are refused, because it would not be
    /// clear whose connection is meant.
    /// </summary>
    private static string CertificateOf(string value)
    {
        var members = new List<(string Name, string Text)>();
        var rest = value.AsSpan();
        while (true)
        {
            var equals = rest.IndexOf('=');
            if (equals < 0)
                throw ClientCertificate.Malformed();
            var name = rest[..equals].Trim().ToString();
            rest = rest[(equals + 1)..];
            var end = EndOfMember(rest);
            members.Add((name, rest[..end].Trim('"').ToString()));
            if (end == rest.Length)
                break;
            // A comma begins the element of another proxy.
            if (rest[end] != ';')
                throw ClientCertificate.Malformed();
            rest = rest[(end + 1)..];
        }
        return members.Where(member => string.Equals(member.Name, XfccCertificate, StringComparison.OrdinalIgnoreCase)).ToList() is [var (_, text)] ? text : throw ClientCertificate.Malformed();
    }

    /// <summary>Unquoted text ends before a separator. Quoted text ends with its second quote; a quote after a backslash does not count.</summary>
    private static int EndOfMember(ReadOnlySpan<char> text)
    {
        if (text is not ['"', ..])
            return text.IndexOfAny(',', ';') is var separator and >= 0 ? separator : text.Length;
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == '"')
                return i + 1;
        }
        throw ClientCertificate.Malformed();
    }
}
