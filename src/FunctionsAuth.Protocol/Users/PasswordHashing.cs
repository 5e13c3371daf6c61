using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Telemetry;
using Microsoft.AspNetCore.Identity;

namespace FunctionsAuth.Protocol.Users;

/// <summary>
/// Hashes passwords, with half of the processors at most: one hash takes a processor for a tenth of a second, and a flood of them must not
/// slow down everything else. Each verification costs the same, whatever hash was imported.
/// </summary>
public sealed class PasswordHashing(PasswordHasher<User> hasher, TimeProvider clock)
{
    private const int LongestQueue = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly byte[] PaddingSalt = new byte[16];

    private readonly FairQueue queue = new(Math.Max(1, Environment.ProcessorCount / 2), LongestQueue, Patience, clock);

    /// <param name="whom">Who sends the request: each gets its turn.</param>
    /// <exception cref="OAuthException">Status 503: too many people are waiting.</exception>
    public async Task<PasswordVerificationResult> VerifyAsync(User user, string hash, string password, string whom, CancellationToken cancellation)
    {
        using var turn = await EnterAsync(whom, cancellation);
        var normal = PasswordRules.Normalize(password);
        var verified = Verify(user, hash, password);
        if (normal == password)
            return verified;
        // An earlier release, or whoever made an imported hash, took the password as it was typed.
        return verified == PasswordVerificationResult.Failed ? Verify(user, hash, normal) : PasswordVerificationResult.SuccessRehashNeeded;
    }

    private PasswordVerificationResult Verify(User user, string hash, string password)
    {
        var verified = hasher.VerifyHashedPassword(user, hash, password);
        if (!StoredHash.TryParse(hash, out var stored))
            return verified;
        // Where a name is a user's, that would show in how soon the answer comes.
        if (stored.Padding > 0)
            Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), PaddingSalt, stored.Padding, HashAlgorithmName.SHA512, PaddingSalt.Length);
        return verified == PasswordVerificationResult.Success && stored.Iterations > StoredHash.UsualIterations ? PasswordVerificationResult.SuccessRehashNeeded : verified;
    }

    /// <param name="whom">Who sends the request: each gets its turn.</param>
    /// <exception cref="OAuthException">Status 503: too many people are waiting.</exception>
    public async Task<string> HashAsync(User user, string password, string whom, CancellationToken cancellation)
    {
        using var turn = await EnterAsync(whom, cancellation);
        return hasher.HashPassword(user, PasswordRules.Normalize(password));
    }

    private async Task<IDisposable> EnterAsync(string whom, CancellationToken cancellation)
    {
        if (await queue.EnterAsync(whom, cancellation) is { } turn)
            return turn;
        ServerMetrics.Limited("hash");
        throw OAuthError.Busy(Patience);
    }
}
