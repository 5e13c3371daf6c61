using System.Net;
using System.Net.Sockets;
using FunctionsAuth.Protocol.Clients;

namespace FunctionsAuth.Protocol.Certificates;

/// <summary>A way to identify the certificate of a client: RFC 8705 §2.1.2. A client has exactly one.</summary>
/// <param name="Member">Its name in the client's registration.</param>
/// <param name="Of">The value that the client has; null where it has none.</param>
/// <param name="IsWellFormed">Whether the value has a valid form.</param>
/// <param name="Form">The required form of the value, as the rest of a sentence.</param>
/// <param name="Matches">Whether the certificate has the value.</param>
internal sealed record CertificateSubject(string Member, Func<Client, string?> Of, Func<string, bool> IsWellFormed, string Form, Func<string, ClientCertificate, bool> Matches)
{
    public static IReadOnlyList<CertificateSubject> All { get; } =
    [
        new(
            "tls_client_auth_subject_dn", client => client.TlsClientAuthSubjectDn, text => DistinguishedName.Parse(text) is not null,
            "must be a distinguished name as RFC 4514 writes it, such as CN=orders,O=Example",
            (text, client) => DistinguishedName.Parse(text) is { } registered && DistinguishedName.Of(client.Certificate.SubjectName)?.Matches(registered) == true),
        new(
            "tls_client_auth_san_dns", client => client.TlsClientAuthSanDns, text => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '*'),
            "must be a DNS name in ASCII",
            (text, client) => NamesOf(client).DnsNames.Contains(text, StringComparer.OrdinalIgnoreCase)),
        new(
            "tls_client_auth_san_uri", client => client.TlsClientAuthSanUri, text => Uri.TryCreate(text, UriKind.Absolute, out _),
            "must be an absolute URI, exactly as the certificate has it",
            (text, client) => NamesOf(client).Uris.Contains(text, StringComparer.Ordinal)),
        // Compared in binary form: RFC 5952 §8.
        new(
            "tls_client_auth_san_ip", client => client.TlsClientAuthSanIp, text => AddressOf(text) is not null,
            "must be an IPv4 address with dots, or an IPv6 address with colons",
            (text, client) => NamesOf(client).Addresses.Contains(AddressOf(text)!)),
        new(
            "tls_client_auth_san_email", client => client.TlsClientAuthSanEmail, text => text.Split('@') is [{ Length: > 0 }, { Length: > 0 }],
            "must be an email address",
            (text, client) => NamesOf(client).Emails.Any(name => IsSameEmail(name, text))),
    ];

    /// <summary>Whether the certificate belongs to the subject in the client's registration.</summary>
    public static bool IsOf(ClientCertificate certificate, Client client) =>
        All.Where(subject => subject.Of(client) is not null).ToList() is [var only] && only.Matches(only.Of(client)!, certificate);

    private static AlternativeNames NamesOf(ClientCertificate client) => AlternativeNames.Of(client.Certificate);

    /// <summary>.NET would also accept a port, a zone, and an IPv4 address as one number.</summary>
    private static IPAddress? AddressOf(string text)
    {
        if (!IPAddress.TryParse(text, out var address))
            return null;
        var isPlain = address.AddressFamily == AddressFamily.InterNetwork ? address.ToString() == text : !text.AsSpan().ContainsAny('%', '[');
        return isPlain ? address : null;
    }

    /// <summary>RFC 5280 §7.5: only the host is not case-sensitive.</summary>
    private static bool IsSameEmail(string one, string other) =>
        one.Split('@') is [var name, var host] && other.Split('@') is [var otherName, var otherHost] && name == otherName && string.Equals(host, otherHost, StringComparison.OrdinalIgnoreCase);
}
