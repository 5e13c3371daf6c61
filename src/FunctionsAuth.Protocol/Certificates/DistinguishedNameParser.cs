using System.Formats.Asn1;
using System.Text;

namespace FunctionsAuth.Protocol.Certificates;

/// <summary>Reads RFC 4514 §3. Spaces around separators are allowed, as of RFC 2253.</summary>
internal sealed class DistinguishedNameParser
{
    private const string Special = "\"+,;<>\\";
    private const string Escapable = Special + " #=";

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>The types of RFC 4514 §3 and RFC 4519, and other types that are common in certificates of companies and persons.</summary>
    private static readonly (string Type, string Names)[] Known =
    [
        ("2.5.4.3", "CN commonName"),
        ("2.5.4.4", "SN surname"),
        ("2.5.4.5", "serialNumber"),
        ("2.5.4.6", "C countryName"),
        ("2.5.4.7", "L localityName"),
        ("2.5.4.8", "ST S stateOrProvinceName"),
        ("2.5.4.9", "STREET streetAddress"),
        ("2.5.4.10", "O organizationName"),
        ("2.5.4.11", "OU organizationalUnitName"),
        ("2.5.4.12", "title"),
        ("2.5.4.15", "businessCategory"),
        ("2.5.4.17", "postalCode"),
        ("2.5.4.42", "GN givenName"),
        ("2.5.4.46", "dnQualifier"),
        ("2.5.4.97", "organizationIdentifier"),
        ("0.9.2342.19200300.100.1.1", "UID userId"),
        ("0.9.2342.19200300.100.1.25", "DC domainComponent"),
        ("1.2.840.113549.1.9.1", "E emailAddress"),
        ("1.3.6.1.4.1.311.60.2.1.1", "jurisdictionL"),
        ("1.3.6.1.4.1.311.60.2.1.2", "jurisdictionST"),
        ("1.3.6.1.4.1.311.60.2.1.3", "jurisdictionC"),
    ];

    private static readonly Dictionary<string, string> Types = Known
        .SelectMany(known => known.Names.Split(' ').Select(name => KeyValuePair.Create(name, known.Type)))
        .ToDictionary(StringComparer.OrdinalIgnoreCase);

    private readonly string text;
    private int position;

    private DistinguishedNameParser(string text) => this.text = text;

    private bool IsAtEnd => position == text.Length;

    /// <returns>The relative names in the order of the text; null if it is malformed.</returns>
    public static IReadOnlyList<IReadOnlyList<NameAttribute>>? Parse(string text)
    {
        try
        {
            return new DistinguishedNameParser(text).Read();
        }
        catch (Exception e) when (e is FormatException or ArgumentException or AsnContentException)
        {
            return null;
        }
    }

    private List<List<NameAttribute>> Read()
    {
        var names = new List<List<NameAttribute>> { new() };
        while (true)
        {
            names[^1].Add(ReadAttribute());
            if (IsAtEnd)
                return names;
            if (text[position++] == ',')
                names.Add([]);
        }
    }

    private NameAttribute ReadAttribute()
    {
        var equals = text.IndexOf('=', position);
        if (equals < 0)
            throw new FormatException();
        var type = TypeOf(text[position..equals].Trim(' '));
        position = equals + 1;
        while (!IsAtEnd && text[position] == ' ')
            position++;
        return !IsAtEnd && text[position] == '#' ? ReadHexadecimal(type) : NameAttribute.OfText(type, ReadText());
    }

    private static string TypeOf(string name)
    {
        if (Types.TryGetValue(name, out var known))
            return known;
        // It throws if this is not an object identifier.
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteObjectIdentifier(name);
        return new AsnReader(writer.Encode(), AsnEncodingRules.DER).ReadObjectIdentifier();
    }

    /// <summary>§2.4: the encoded value, for types without a string form.</summary>
    private NameAttribute ReadHexadecimal(string type)
    {
        var end = text.IndexOfAny([',', '+'], position) is var found and >= 0 ? found : text.Length;
        var encoded = Convert.FromHexString(text[(position + 1)..end].TrimEnd(' '));
        position = end;
        var reader = new AsnReader(encoded, AsnEncodingRules.BER);
        var value = reader.ReadEncodedValue();
        reader.ThrowIfNotEmpty();
        return NameAttribute.Of(type, value);
    }

    private string ReadText()
    {
        var bytes = new List<byte>();
        var length = 0;
        while (!IsAtEnd && text[position] is not (',' or '+'))
        {
            var isEscaped = text[position] == '\\';
            if (isEscaped)
                bytes.AddRange(ReadEscape());
            else if (Special.Contains(text[position], StringComparison.Ordinal) || text[position] == '\0')
                throw new FormatException();
            else
                bytes.AddRange(ReadCharacter());
            // Spaces at the end belong to the value only if they are escaped.
            if (isEscaped || bytes[^1] != ' ')
                length = bytes.Count;
        }
        return StrictUtf8.GetString([.. bytes[..length]]);
    }

    private byte[] ReadCharacter()
    {
        var count = char.IsHighSurrogate(text[position]) && position + 1 < text.Length ? 2 : 1;
        position += count;
        return StrictUtf8.GetBytes(text.Substring(position - count, count));
    }

    private byte[] ReadEscape()
    {
        position++;
        if (IsAtEnd)
            throw new FormatException();
        if (Escapable.Contains(text[position], StringComparison.Ordinal))
            return [(byte)text[position++]];
        if (position + 2 > text.Length)
            throw new FormatException();
        position += 2;
        return Convert.FromHexString(text.AsSpan(position - 2, 2));
    }
}
