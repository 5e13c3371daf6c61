using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Passkeys;

/// <summary>A browser's side of WebAuthn and an authenticator with one passkey. A test may change what it writes before it signs.</summary>
internal sealed class SoftwareAuthenticator(string algorithm = SoftwareAuthenticator.Es256) : IDisposable
{
    public const string Es256 = "ES256";
    public const string Rs256 = "RS256";

    public const byte UserPresent = 0x01;
    public const byte UserVerified = 0x04;
    public const byte BackupEligible = 0x08;
    public const byte BackedUp = 0x10;
    public const byte HasCredential = 0x40;

    private readonly ECDsa ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RSA rsa = RSA.Create(2048);

    public byte[] Id { get; init; } = RandomNumberGenerator.GetBytes(32);

    public string Origin { get; init; } = RunningServer.Issuer;

    public string RelyingPartyId { get; init; } = "login.example";

    public byte Flags { get; set; } = UserPresent | UserVerified | BackupEligible | BackedUp;

    public uint SignCount { get; set; }

    /// <summary>Given when the passkey was made.</summary>
    public byte[] UserHandle { get; set; } = [];

    public Func<string, byte[]> ClientData { get; set; } = Encoding.UTF8.GetBytes;

    public Func<byte[], byte[]> AuthenticatorData { get; set; } = data => data;

    public Func<byte[], byte[]> PublicKey { get; set; } = key => key;

    public Func<byte[], byte[]> Signature { get; set; } = signature => signature;

    /// <summary>What the script of the page posts for a new passkey.</summary>
    public Dictionary<string, string> Create(string challenge, string userHandle)
    {
        UserHandle = Base64Url.DecodeFromChars(userHandle);
        byte[] length = [(byte)(Id.Length >> 8), (byte)Id.Length];
        var data = AuthenticatorData([.. Header((byte)(Flags | HasCredential)), .. new byte[16], .. length, .. Id, .. PublicKey(CoseKey())]);
        var attestation = Cbor.Map((Cbor.Text("fmt"), Cbor.Text("none")), (Cbor.Text("attStmt"), Cbor.Map()), (Cbor.Text("authData"), Cbor.Bytes(data)));
        return new()
        {
            ["passkey_id"] = Base64Url.EncodeToString(Id),
            ["passkey_client_data"] = Base64Url.EncodeToString(ClientData(ClientDataOf("webauthn.create", challenge))),
            ["passkey_attestation"] = Base64Url.EncodeToString(attestation),
            ["passkey_transports"] = "internal hybrid made-up",
        };
    }

    /// <summary>What the script of the page posts to sign in.</summary>
    public Dictionary<string, string> Get(string challenge)
    {
        var clientData = ClientData(ClientDataOf("webauthn.get", challenge));
        var data = AuthenticatorData(Header(Flags));
        byte[] signed = [.. data, .. SHA256.HashData(clientData)];
        var signature = algorithm == Rs256
            ? rsa.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : ec.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return new()
        {
            ["passkey_id"] = Base64Url.EncodeToString(Id),
            ["passkey_client_data"] = Base64Url.EncodeToString(clientData),
            ["passkey_authenticator_data"] = Base64Url.EncodeToString(data),
            ["passkey_signature"] = Base64Url.EncodeToString(Signature(signature)),
            ["passkey_user_handle"] = Base64Url.EncodeToString(UserHandle),
        };
    }

    public void Dispose()
    {
        ec.Dispose();
        rsa.Dispose();
    }

    public byte[] CoseKey()
    {
        if (algorithm == Rs256)
        {
            var numbers = rsa.ExportParameters(false);
            return Cbor.Map((Cbor.Integer(1), Cbor.Integer(3)), (Cbor.Integer(3), Cbor.Integer(-257)), (Cbor.Integer(-1), Cbor.Bytes(numbers.Modulus!)), (Cbor.Integer(-2), Cbor.Bytes(numbers.Exponent!)));
        }
        var point = ec.ExportParameters(false).Q;
        return EcKey(-7, 1, point.X!, point.Y!);
    }

    public static byte[] EcKey(int algorithm, int curve, byte[] x, byte[] y, int type = 2) => Cbor.Map(
        (Cbor.Integer(1), Cbor.Integer(type)), (Cbor.Integer(3), Cbor.Integer(algorithm)), (Cbor.Integer(-1), Cbor.Integer(curve)), (Cbor.Integer(-2), Cbor.Bytes(x)), (Cbor.Integer(-3), Cbor.Bytes(y)));

    private byte[] Header(byte flags)
    {
        var count = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, SignCount);
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(RelyingPartyId)), flags, .. count];
    }

    private string ClientDataOf(string type, string challenge) => $$"""{"type":"{{type}}","challenge":"{{challenge}}","origin":"{{Origin}}","crossOrigin":false}""";
}
