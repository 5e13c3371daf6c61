using System.Buffers.Text;
using System.Security.Cryptography;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Endpoints.Register;

/// <summary>
/// The registration access token (RFC 7592 §1.2): 32 random bytes in base64url, of which the client's row has the SHA-256. Each change of the client
/// rotates it. The previous token stays valid until its successor is used, and gives the same successor again. So a lost answer, or two changes at
/// the same time, lock nobody out.
/// </summary>
internal static class RegistrationToken
{
    public static string Encode(byte[] token) => Base64Url.EncodeToString(token);

    public static byte[]? Parse(string? text) => StrictBase64Url.TryDecode(text, Handle.SecretLength, out var token) ? token : null;

    /// <returns>The registration after the token was used; null if it is not a token of this registration.</returns>
    public static ClientRegistration? Accept(ClientRegistration registration, byte[] token)
    {
        if (SecretHash.Matches(token, registration.TokenHash))
            return registration;
        return registration.NextTokenHash is { } next && SecretHash.Matches(token, next)
            ? registration with { TokenHash = next, NextTokenHash = null, RotationSalt = null }
            : null;
    }

    /// <param name="registration">The registration, as <see cref="Accept"/> returned it for this token.</param>
    public static (ClientRegistration Registration, byte[] Successor) Rotate(ClientRegistration registration, byte[] token)
    {
        // It can be derived only with the row: a copy of the token is not enough.
        var salt = registration.RotationSalt ?? Handle.NewSecret();
        var successor = HMACSHA256.HashData(salt, token);
        return (registration with { RotationSalt = salt, NextTokenHash = SecretHash.Of(successor) }, successor);
    }
}
