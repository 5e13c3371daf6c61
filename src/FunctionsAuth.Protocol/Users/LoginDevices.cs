using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Users;

/// <summary>
/// The cookie of a browser in which users signed in before. For each of the last accounts it has a random id, signed together with the subject of the
/// account. It proves only that earlier login, and does not sign anybody in. Every instance knows the key, and the cookie does not name an account.
/// </summary>
public sealed class LoginDevices(ISecretStore secrets, TimeProvider clock)
{
    public static readonly TimeSpan Life = TimeSpan.FromDays(180);

    private const string SecretName = "login-devices";
    private const char Separator = '.';
    private const int MostAccounts = 4;
    private const int IdLength = 12;
    private const int DayLength = sizeof(int);
    private const int Length = IdLength + DayLength + HMACSHA256.HashSizeInBytes;

    private byte[]? secret;

    /// <returns>The id under which the account knows the browser; null if the account does not know it.</returns>
    /// <exception cref="Errors.TemporarilyUnavailableException">The secret of the server has not been read yet, and storage did not answer.</exception>
    public async ValueTask<string?> FindAsync(string? cookie, string subject, CancellationToken cancellation)
    {
        var entries = Parse(cookie);
        if (entries.Count == 0)
            return null;
        var key = await KeyAsync(cancellation);
        return entries.Find(entry => IsOf(entry, key, subject)) is { } own ? Base64Url.EncodeToString(own.AsSpan(0, IdLength)) : null;
    }

    /// <summary>The cookie for a browser in which a user has just signed in to that account.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public async ValueTask<string> RenewAsync(string? cookie, string subject, CancellationToken cancellation)
    {
        var key = await KeyAsync(cancellation);
        var entry = new byte[Length];
        RandomNumberGenerator.Fill(entry.AsSpan(0, IdLength));
        BinaryPrimitives.WriteInt32BigEndian(entry.AsSpan(IdLength), Today);
        MacOf(entry, key, subject).CopyTo(entry.AsSpan(IdLength + DayLength));
        var others = Parse(cookie).Where(other => !IsOf(other, key, subject)).Take(MostAccounts - 1);
        return string.Join(Separator, others.Prepend(entry).Select(one => Base64Url.EncodeToString(one)));
    }

    private int Today => (int)(clock.GetUtcNow().ToUnixTimeSeconds() / (24 * 60 * 60));

    private async ValueTask<byte[]> KeyAsync(CancellationToken cancellation) => secret ??= await secrets.GetOrCreateAsync(SecretName, cancellation);

    private static List<byte[]> Parse(string? cookie) =>
    [
        .. (cookie?.Split(Separator, MostAccounts + 1) ?? []).Take(MostAccounts)
            .Select(text => StrictBase64Url.TryDecode(text, Length, out var entry) ? entry : null).OfType<byte[]>(),
    ];

    private bool IsOf(byte[] entry, byte[] key, string subject) =>
        CryptographicOperations.FixedTimeEquals(entry.AsSpan(IdLength + DayLength), MacOf(entry, key, subject))
        && Today - BinaryPrimitives.ReadInt32BigEndian(entry.AsSpan(IdLength)) < Life.TotalDays;

    private static byte[] MacOf(byte[] entry, byte[] key, string subject) =>
        HMACSHA256.HashData(key, (byte[])[.. entry.AsSpan(0, IdLength + DayLength), .. Encoding.UTF8.GetBytes(subject)]);
}
