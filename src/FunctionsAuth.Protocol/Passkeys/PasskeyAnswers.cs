using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Passkeys;

/// <summary>The answer of an authenticator to a login (WebAuthn §5.2.2, AuthenticatorAssertionResponse).</summary>
public sealed record PasskeyAssertion(byte[] Id, byte[] ClientData, byte[] AuthenticatorData, byte[] Signature, byte[] UserHandle)
{
    /// <returns>Null if a field is missing, too long, or not base64url.</returns>
    public static PasskeyAssertion? Read(Func<string, string?> field) =>
        Field.Read(field(PageFields.PasskeyId), Field.LongestId) is { } id
        && Field.Read(field(PageFields.PasskeyClientData), Field.LongestClientData) is { } clientData
        && Field.Read(field(PageFields.PasskeyAuthenticatorData), Field.LongestData) is { } data
        && Field.Read(field(PageFields.PasskeySignature), Field.LongestData) is { } signature
        && Field.Read(field(PageFields.PasskeyUserHandle), Field.LongestHandle) is { } handle
            ? new PasskeyAssertion(id, clientData, data, signature, handle)
            : null;
}

/// <summary>A new passkey, as the browser presents it (WebAuthn §5.2.1, AuthenticatorAttestationResponse).</summary>
/// <param name="Transports">The transports that are defined in WebAuthn §5.8.4.</param>
public sealed record PasskeyAttestation(byte[] Id, byte[] ClientData, byte[] AttestationObject, IReadOnlyList<string> Transports)
{
    private static readonly string[] KnownTransports = ["ble", "hybrid", "internal", "nfc", "smart-card", "usb"];

    /// <inheritdoc cref="PasskeyAssertion.Read"/>
    public static PasskeyAttestation? Read(Func<string, string?> field) =>
        Field.Read(field(PageFields.PasskeyId), Field.LongestId) is { } id
        && Field.Read(field(PageFields.PasskeyClientData), Field.LongestClientData) is { } clientData
        && Field.Read(field(PageFields.PasskeyAttestation), Field.LongestAttestation) is { } attestation
            ? new PasskeyAttestation(id, clientData, attestation, [.. KnownTransports.Intersect(field(PageFields.PasskeyTransports)?.Split(' ') ?? [])])
            : null;
}

/// <summary>Bytes in a field of a form.</summary>
file static class Field
{
    /// <summary>WebAuthn §4: a credential id has at most 1023 bytes.</summary>
    public const int LongestId = 1023;

    public const int LongestHandle = 64;
    public const int LongestClientData = 4096;
    public const int LongestData = 2048;
    public const int LongestAttestation = 8192;

    /// <returns>The bytes; null if the text is not base64url in its only valid spelling, or is too long.</returns>
    public static byte[]? Read(string? text, int longest) =>
        text is { Length: > 0 } && (long)text.Length * 3 / 4 is var length && length <= longest && StrictBase64Url.TryDecode(text, (int)length, out var bytes) ? bytes : null;
}
