using System.Buffers.Binary;
using System.Buffers.Text;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Credentials;

/// <summary>
/// The cookie of a browser in which users entered the code of a second factor and asked not to be asked again. For each of the last accounts it has
/// the time, sealed for the subject of the account, so that somebody who can read the tables cannot create one. It does not replace a password, or a
/// code that a client asks for.
/// </summary>
public sealed class FactorDevices(ISecretSeal seal, ServerOptions options, TimeProvider clock)
{
    private const char Separator = '.';
    private const int MostAccounts = 4;
    private const int LongestEntry = 100;

    public TimeSpan RememberFor => options.SecondFactors.RememberFor;

    /// <summary>
    /// Whether the browser can skip the code. After a change of the password and after "sign out everywhere", every browser must enter a code again.
    /// </summary>
    /// <exception cref="Errors.TemporarilyUnavailableException">The key of the seal has not been read yet, and the vault or storage did not answer.</exception>
    public async ValueTask<bool> AreRememberedAsync(string? cookie, User user, SecondFactors factors, CancellationToken cancellation)
    {
        if (RememberFor == TimeSpan.Zero)
            return false;
        foreach (var entry in Parse(cookie))
        {
            if (await TimeOfAsync(entry, user.Subject, cancellation) is { } at)
                return at > clock.GetUtcNow() - RememberFor && !(at < factors.DevicesValidFrom) && !(at < user.SessionsValidFrom);
        }
        return false;
    }

    /// <summary>The cookie for a browser in which the user has just entered a code.</summary>
    /// <inheritdoc cref="AreRememberedAsync"/>
    public async ValueTask<string> RenewAsync(string? cookie, string subject, CancellationToken cancellation)
    {
        var moment = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(moment, clock.GetUtcNow().UtcTicks);
        List<string> entries = [Base64Url.EncodeToString(await seal.SealAsync(moment, ContextOf(subject), cancellation))];
        foreach (var other in Parse(cookie))
        {
            if (entries.Count < MostAccounts && await TimeOfAsync(other, subject, cancellation) is null)
                entries.Add(Base64Url.EncodeToString(other));
        }
        return string.Join(Separator, entries);
    }

    private static string ContextOf(string subject) => $"factor-device/{subject}";

    private static List<byte[]> Parse(string? cookie) =>
    [
        .. (cookie?.Split(Separator, MostAccounts + 1) ?? []).Take(MostAccounts)
            .Where(text => text.Length is > 0 and <= LongestEntry && Base64Url.IsValid(text)).Select(text => Base64Url.DecodeFromChars(text)),
    ];

    /// <returns>Null for an entry of another account.</returns>
    private async ValueTask<DateTimeOffset?> TimeOfAsync(byte[] entry, string subject, CancellationToken cancellation) =>
        await seal.OpenAsync(entry, ContextOf(subject), cancellation) is { Length: sizeof(long) } moment ? new DateTimeOffset(BinaryPrimitives.ReadInt64BigEndian(moment), TimeSpan.Zero) : null;
}
