using System.Text.Json;
using System.Text.Json.Nodes;

namespace FunctionsAuth.Protocol.Tokens;

/// <summary>
/// The proof that a client must show with each use of an access token, in the <c>cnf</c> claim of RFC 7800 §3.1: a proof of a key (RFC 9449 §6.1), a
/// certificate (RFC 8705 §3.1), or nothing for a bearer token.
/// </summary>
public sealed record TokenBinding
{
    private const string Claim = "cnf";
    private const string JktMember = "jkt";
    private const string CertificateMember = "x5t#S256";

    private TokenBinding()
    {
    }

    public static TokenBinding None { get; } = new();

    /// <summary>The thumbprint of the key; null if the token is not bound to a key.</summary>
    public string? Jkt { get; private init; }

    /// <summary>SHA-256 of the certificate's DER, base64url; null if the token is not bound to a certificate.</summary>
    public string? CertificateThumbprint { get; private init; }

    /// <summary>Its <c>token_type</c> is DPoP. A token that is bound to a certificate is used like a bearer token (RFC 8705 §3).</summary>
    public bool IsDpop => Jkt is not null;

    public static TokenBinding ToKey(string thumbprint) => new() { Jkt = thumbprint };

    public static TokenBinding ToCertificate(string thumbprint) => new() { CertificateThumbprint = thumbprint };

    /// <summary>The binding of a token of this server.</summary>
    public static TokenBinding Of(JsonObject claims) => claims[Claim] is { } confirmation
        ? new() { Jkt = (string?)confirmation[JktMember], CertificateThumbprint = (string?)confirmation[CertificateMember] }
        : None;

    /// <summary>Writes the claim, if the token is bound.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        if (this == None)
            return;
        json.WriteStartObject(Claim);
        if (Jkt is not null)
            json.WriteString(JktMember, Jkt);
        if (CertificateThumbprint is not null)
            json.WriteString(CertificateMember, CertificateThumbprint);
        json.WriteEndObject();
    }
}
