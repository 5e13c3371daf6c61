using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FunctionsAuth.Protocol.Passkeys;

/// <summary>
/// A challenge that is not stored. It is an HMAC of its purpose and time, with a secret from a record that exists anyway, so showing a page needs no
/// write. Each answer replaces the secret in the record, so that answers to earlier challenges become invalid.
/// </summary>
/// <param name="At">The time of the challenge, in seconds since 1970. It comes back with the answer and is part of the HMAC.</param>
public sealed record PasskeyChallenge(byte[] Value, long At)
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    /// <param name="secret">It never leaves the server, so nobody can know a challenge in advance.</param>
    /// <param name="purpose">The purpose and the recipient, one line each.</param>
    public static PasskeyChallenge New(byte[] secret, DateTimeOffset now, params ReadOnlySpan<string> purpose) => Make(secret, now.ToUnixTimeSeconds(), purpose);

    /// <returns>The challenge that was given at that time; null when it is too old, or does not exist.</returns>
    public static PasskeyChallenge? Given(byte[]? secret, string? at, DateTimeOffset now, params ReadOnlySpan<string> purpose) =>
        secret is not null && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && now.ToUnixTimeSeconds() - seconds <= Life.TotalSeconds
            ? Make(secret, seconds, purpose)
            : null;

    public override string ToString() => Base64Url.EncodeToString(Value);

    private static PasskeyChallenge Make(byte[] secret, long seconds, ReadOnlySpan<string> purpose) =>
        new(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{string.Join('\n', purpose!)}\n{seconds}"))), seconds);
}
