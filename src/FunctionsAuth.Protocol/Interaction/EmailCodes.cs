using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Notices;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Tickets;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Interaction;

/// <summary>
/// Codes by mail, as a second factor for one parked request. Each code works once, in the browser that asked for it, for 10 minutes and 5 attempts.
/// Few codes are sent to each address, so that nobody can guess one.
/// </summary>
public sealed class EmailCodes(
    RequestParking parking, ISecretSeal seal, CodeMails mails, RecipientLimit recipients, MailLimit networks, SecurityEvents events, TimeProvider clock)
{
    public const int Digits = 8;

    private const string Purpose = "EmailCode";
    private const int MostTries = 5;
    private const int Everything = 100_000_000;

    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <summary>A code was sent for the request and can be entered.</summary>
    public bool IsSent(ParkedRequest parked) => IsGood(parked.EmailCode);

    /// <summary>Sends another code, which replaces an earlier one.</summary>
    /// <param name="user">The user who gave the right password.</param>
    /// <param name="address">Of that person.</param>
    /// <returns>The current request; null if too many codes were sent to the address.</returns>
    /// <exception cref="Errors.OAuthException">Status 429: too many mails came from one network.</exception>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage or the vault did not answer.</exception>
    public async Task<ParkedRequest?> SendAsync(ParkedRequest parked, User user, string address, CancellationToken cancellation)
    {
        networks.Take();
        if (!await recipients.TryTakeAsync(Purpose, LoginName.Normalize(address), cancellation))
            return null;
        var code = RandomNumberGenerator.GetInt32(Everything).ToString($"D{Digits}", null);
        var made = new EmailCode(await seal.SealAsync(Encoding.ASCII.GetBytes(code), ContextOf(parked, user.Subject), cancellation), clock.GetUtcNow(), 0);
        parked = await parking.ChangeEmailCodeAsync(parked, _ => made, cancellation);
        await mails.SendAsync(address, code, user.Locale, Life, cancellation);
        return parked;
    }

    /// <summary>Of several attempts at the same time, one is first. All wrong codes are counted.</summary>
    /// <returns>The current request and the proof. There is no proof for a wrong code, an old code, or after too many attempts.</returns>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage or the vault did not answer. The code can still be used.</exception>
    public async Task<(ParkedRequest Parked, Proof? Proof)> TakeAsync(ParkedRequest parked, string subject, string typed, string clientId, CancellationToken cancellation)
    {
        var asked = parked.EmailCode;
        var code = asked is null ? null : await seal.OpenAsync(asked.Sealed, ContextOf(parked, subject), cancellation);
        var given = Encoding.UTF8.GetBytes(string.Concat(typed.Where(c => !char.IsWhiteSpace(c))));
        var isRight = code is not null && CryptographicOperations.FixedTimeEquals(code, given);
        Proof? proof = null;
        parked = await parking.ChangeEmailCodeAsync(parked, Taken, cancellation);
        if (proof is null)
            await events.SignInFailedAsync(subject, subject, clientId, SignInFailure.WrongCode);
        return (parked, proof);

        EmailCode? Taken(EmailCode? current)
        {
            proof = null;
            // Another code was sent in the meantime, or this code was used.
            if (!IsGood(current) || !current!.Sealed.AsSpan().SequenceEqual(asked?.Sealed))
                return current;
            if (!isRight)
                return current with { Tries = current.Tries + 1 };
            proof = new Proof(AuthenticationMethod.EmailCode, clock.GetUtcNow());
            return null;
        }
    }

    private bool IsGood(EmailCode? code) => code is { Tries: < MostTries } && clock.GetUtcNow() < code.SentAt + Life;

    private static string ContextOf(ParkedRequest parked, string subject) => $"email-code/{parked.Address}/{subject}";
}
