using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Credentials;

/// <summary>
/// The cookie of a browser in which people gave the code of a second factor and wished not to be asked again: for each of the last accounts the
/// moment, signed together with the account's subject. It stands in for no password, and for no code that a client asks for.
/// </summary>
public sealed class FactorDevices(ISecretStore secrets, ServerOptions options, TimeProvider clock)
{
    private const string SecretName = "second-factor-devices";
    private const char Separator = '.';
    private const int MostAccounts = 4;
    private const int TimeLength = sizeof(long);
    private const int Length = TimeLength + HMACSHA256.HashSizeInBytes;

    private byte[]? secret;

    public TimeSpan RememberFor => options.SecondFactors.RememberFor;

    /// <summary>Whether the browser need not be asked for a code. A changed password and "sign out everywhere" make every browser ask again.</summary>
    /// <exception cref="Errors.TemporarilyUnavailableException">The server's secret is not read yet, and storage did not answer.</exception>
    public async ValueTask<bool> AreRememberedAsync(string? cookie, User user, SecondFactors factors, CancellationToken cancellation)
    {
        var entries = Parse(cookie);
        if (entries.Count == 0 || RememberFor == TimeSpan.Zero)
            return false;
        var key = await KeyAsync(cancellation);
        return entries.Find(entry => IsOf(entry, key, user.Subject)) is { } own && TimeOf(own) is var at
            && at > clock.GetUtcNow() - RememberFor && !(at < factors.DevicesValidFrom) && !(at < user.SessionsValidFrom);
    }

    /// <summary>The cookie for a browser in which that person gave a code just now.</summary>
    /// <inheritdoc cref="AreRememberedAsync"/>
    public async ValueTask<string> RenewAsync(string? cookie, string subject, CancellationToken cancellation)
    {
        var key = await KeyAsync(cancellation);
        var entry = new byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(entry, clock.GetUtcNow().UtcTicks);
        MacOf(entry, key, subject).CopyTo(entry.AsSpan(TimeLength));
        var others = Parse(cookie).Where(other => !IsOf(other, key, subject)).Take(MostAccounts - 1);
        return string.Join(Separator, others.Prepend(entry).Select(one => Base64Url.EncodeToString(one)));
    }

    private async ValueTask<byte[]> KeyAsync(CancellationToken cancellation) => secret ??= await secrets.GetOrCreateAsync(SecretName, cancellation);

    private static List<byte[]> Parse(string? cookie) =>
    [
        .. (cookie?.Split(Separator, MostAccounts + 1) ?? []).Take(MostAccounts)
            .Select(text => StrictBase64Url.TryDecode(text, Length, out var entry) ? entry : null).OfType<byte[]>(),
    ];

    private static DateTimeOffset TimeOf(byte[] entry) => new(BinaryPrimitives.ReadInt64BigEndian(entry), TimeSpan.Zero);

    private static bool IsOf(byte[] entry, byte[] key, string subject) => CryptographicOperations.FixedTimeEquals(entry.AsSpan(TimeLength), MacOf(entry, key, subject));

    private static byte[] MacOf(byte[] entry, byte[] key, string subject) =>
        HMACSHA256.HashData(key, (byte[])[.. entry.AsSpan(0, TimeLength), .. Encoding.UTF8.GetBytes(subject)]);
}
