using System.Diagnostics.CodeAnalysis;
using FunctionsAuth.Protocol.Storage;
using OtpNet;

namespace FunctionsAuth.Protocol.Credentials;

/// <summary>Codes of an authenticator app (RFC 6238): SHA-1, 6 digits, 30 seconds, which every app supports. The secret has 160 bits (RFC 4226 §4).</summary>
public sealed class TotpCodes(ISecretSeal seal, TimeProvider clock)
{
    public const int Digits = 6;

    private const int Step = 30;
    private const int SecretLength = 20;

    // RFC 6238 §5.2: the clock of the phone may be one step off.
    private static readonly VerificationWindow Window = new(previous: 1, future: 1);

    public static bool HasForm([NotNullWhen(true)] string? code) => code?.Length == Digits && code.All(char.IsAsciiDigit);

    /// <summary>A new secret, and the form in which it is stored.</summary>
    public async Task<TotpSecret> NewAsync(string subject, CancellationToken cancellation) =>
        new(await seal.SealAsync(KeyGeneration.GenerateRandomKey(SecretLength), ContextOf(subject), cancellation), LastStep: 0, clock.GetUtcNow());

    /// <summary>The secret in base32 (RFC 4648 §6), as apps take it.</summary>
    /// <returns>Null if it was sealed with the key of another server.</returns>
    public async Task<string?> TextOfAsync(string subject, TotpSecret secret, CancellationToken cancellation) =>
        await seal.OpenAsync(secret.Sealed, ContextOf(subject), cancellation) is { } bytes ? Base32Encoding.ToString(bytes) : null;

    /// <returns>The secret with the time step of the code. It must be stored before the code counts. Null for a code that is wrong or was used.</returns>
    public async Task<TotpSecret?> AcceptAsync(string subject, TotpSecret secret, string code, CancellationToken cancellation)
    {
        if (!HasForm(code) || await seal.OpenAsync(secret.Sealed, ContextOf(subject), cancellation) is not { } bytes)
            return null;
        return new Totp(bytes, Step, OtpHashMode.Sha1, Digits).VerifyTotp(clock.GetUtcNow().UtcDateTime, code, out var step, Window) && step > secret.LastStep
            ? secret with { LastStep = step }
            : null;
    }

    private static string ContextOf(string subject) => $"totp/{subject}";
}
