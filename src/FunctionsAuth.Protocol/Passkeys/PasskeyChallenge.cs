using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FunctionsAuth.Protocol.Passkeys;

/// <summary>
/// A challenge that stands nowhere: it is an HMAC of what it is for and when it was made, under a secret of a record that exists anyway. So a
/// page that shows it costs no write. Whoever takes an answer first puts another secret into the record, and no answer to an earlier challenge
/// of it is good any more.
/// </summary>
/// <param name="At">When it was made: it comes back with the answer, and is part of what the HMAC is about. Seconds since 1970.</param>
public sealed record PasskeyChallenge(byte[] Value, long At)
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    /// <param name="secret">Never leaves the server: nobody can know a challenge before it was made.</param>
    /// <param name="purpose">What it is for and to whom it was given: one line each.</param>
    public static PasskeyChallenge New(byte[] secret, DateTimeOffset now, params ReadOnlySpan<string> purpose) => Make(secret, now.ToUnixTimeSeconds(), purpose);

    /// <returns>The challenge that was given at that time; null when it is too old, or there was none.</returns>
    public static PasskeyChallenge? Given(byte[]? secret, string? at, DateTimeOffset now, params ReadOnlySpan<string> purpose) =>
        secret is not null && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && now.ToUnixTimeSeconds() - seconds <= Life.TotalSeconds
            ? Make(secret, seconds, purpose)
            : null;

    public override string ToString() => Base64Url.EncodeToString(Value);

    private static PasskeyChallenge Make(byte[] secret, long seconds, ReadOnlySpan<string> purpose) =>
        new(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{string.Join('\n', purpose!)}\n{seconds}"))), seconds);
}
