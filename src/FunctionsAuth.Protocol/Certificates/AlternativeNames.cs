using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace FunctionsAuth.Protocol.Certificates;

/// <summary>The subject alternative names of a certificate that RFC 8705 §2.1.2 knows: RFC 5280 §4.2.1.6.</summary>
internal sealed class AlternativeNames
{
    private const string Extension = "2.5.29.17";

    private static readonly Asn1Tag Email = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag Dns = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag Uri = new(TagClass.ContextSpecific, 6);
    private static readonly Asn1Tag Address = new(TagClass.ContextSpecific, 7);

    public List<string> Emails { get; } = [];

    public List<string> DnsNames { get; } = [];

    public List<string> Uris { get; } = [];

    public List<IPAddress> Addresses { get; } = [];

    /// <returns>Empty if the certificate has no names, or if they are malformed or occur twice.</returns>
    public static AlternativeNames Of(X509Certificate2 certificate)
    {
        var names = new AlternativeNames();
        try
        {
            if (certificate.Extensions.Where(extension => extension.Oid?.Value == Extension).ToList() is [var only])
                names.Read(new AsnReader(only.RawData, AsnEncodingRules.DER).ReadSequence());
            return names;
        }
        catch (Exception e) when (e is AsnContentException or ArgumentException)
        {
            return new AlternativeNames();
        }
    }

    private void Read(AsnReader sequence)
    {
        while (sequence.HasData)
        {
            var tag = sequence.PeekTag();
            if (tag == Email)
                Emails.Add(sequence.ReadCharacterString(UniversalTagNumber.IA5String, tag));
            else if (tag == Dns)
                DnsNames.Add(sequence.ReadCharacterString(UniversalTagNumber.IA5String, tag));
            else if (tag == Uri)
                Uris.Add(sequence.ReadCharacterString(UniversalTagNumber.IA5String, tag));
            else if (tag == Address)
                Addresses.Add(new IPAddress(sequence.ReadOctetString(tag)));
            else
                sequence.ReadEncodedValue();
        }
    }
}
