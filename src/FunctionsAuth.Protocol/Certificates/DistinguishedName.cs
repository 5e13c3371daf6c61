using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace FunctionsAuth.Protocol.Certificates;

/// <summary>
/// A distinguished name, compared by its structure: the same relative names in the same order, each with the same attributes in any order. The
/// spelling of attribute types, escapes and the kind of string do not matter. The case of values matters.
/// </summary>
public sealed class DistinguishedName
{
    // The last relative name first, as RFC 4514 writes it.
    private readonly IReadOnlyList<IReadOnlyList<NameAttribute>> relativeNames;

    private DistinguishedName(IEnumerable<IEnumerable<NameAttribute>> relativeNames) =>
        this.relativeNames = [.. relativeNames.Select(name => name.OrderBy(attribute => attribute.Type, StringComparer.Ordinal).ThenBy(attribute => attribute.Value, StringComparer.Ordinal).ToArray())];

    /// <returns>Null if the text is not a distinguished name, or is empty.</returns>
    public static DistinguishedName? Parse(string text) => DistinguishedNameParser.Parse(text) is { Count: > 0 } names ? new(names) : null;

    /// <returns>Null where the certificate's name is malformed.</returns>
    public static DistinguishedName? Of(X500DistinguishedName name)
    {
        try
        {
            var names = new List<List<NameAttribute>>();
            var sequence = new AsnReader(name.RawData, AsnEncodingRules.BER).ReadSequence();
            while (sequence.HasData)
                names.Insert(0, ReadRelativeName(sequence.ReadSetOf()));
            return new(names);
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    public bool Matches(DistinguishedName other) =>
        relativeNames.Count == other.relativeNames.Count && relativeNames.Zip(other.relativeNames).All(pair => pair.First.SequenceEqual(pair.Second));

    private static List<NameAttribute> ReadRelativeName(AsnReader set)
    {
        var attributes = new List<NameAttribute>();
        while (set.HasData)
        {
            var attribute = set.ReadSequence();
            attributes.Add(NameAttribute.Of(attribute.ReadObjectIdentifier(), attribute.ReadEncodedValue()));
        }
        return attributes;
    }
}

/// <summary>An attribute of a name.</summary>
/// <param name="Type">An object identifier, such as 2.5.4.3.</param>
/// <param name="Value">Text after a quote character. A value that is not text is written as hexadecimal digits after a number sign.</param>
internal sealed record NameAttribute(string Type, string Value)
{
    private static readonly UniversalTagNumber[] TextTags =
    [
        UniversalTagNumber.UTF8String, UniversalTagNumber.PrintableString, UniversalTagNumber.IA5String, UniversalTagNumber.BMPString, UniversalTagNumber.T61String,
        UniversalTagNumber.NumericString, UniversalTagNumber.VisibleString,
    ];

    public static NameAttribute OfText(string type, string text) => new(type, $"'{text}");

    /// <param name="encoded">The value with its tag and length.</param>
    public static NameAttribute Of(string type, ReadOnlyMemory<byte> encoded) => TextOf(encoded) is { } text ? OfText(type, text) : new(type, $"#{Convert.ToHexString(encoded.Span)}");

    private static string? TextOf(ReadOnlyMemory<byte> encoded)
    {
        try
        {
            var reader = new AsnReader(encoded, AsnEncodingRules.BER);
            var tag = reader.PeekTag();
            return tag.TagClass == TagClass.Universal && TextTags.Contains((UniversalTagNumber)tag.TagValue) ? reader.ReadCharacterString((UniversalTagNumber)tag.TagValue) : null;
        }
        catch (AsnContentException)
        {
            // Characters that this kind of string must not contain.
            return null;
        }
    }
}
