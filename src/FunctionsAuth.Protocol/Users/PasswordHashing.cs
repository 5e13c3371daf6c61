using System.Threading.RateLimiting;
using FunctionsAuth.Protocol.Errors;
using Microsoft.AspNetCore.Identity;

namespace FunctionsAuth.Protocol.Users;

/// <summary>
/// Hashes passwords, a few at a time: one takes a processor for a tenth of a second, and a flood of them must not take all
/// processors from everybody else.
/// </summary>
public sealed class PasswordHashing(PasswordHasher<User> hasher) : IDisposable
{
    private readonly ConcurrencyLimiter limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = 2 * Environment.ProcessorCount,
        QueueLimit = 32 * Environment.ProcessorCount,
    });

    /// <exception cref="TemporarilyUnavailableException">Too many people are waiting.</exception>
    public async Task<PasswordVerificationResult> VerifyAsync(User user, string hash, string password, CancellationToken cancellation)
    {
        using var permit = await AcquireAsync(cancellation);
        return hasher.VerifyHashedPassword(user, hash, password);
    }

    /// <exception cref="TemporarilyUnavailableException">Too many people are waiting.</exception>
    public async Task<string> HashAsync(User user, string password, CancellationToken cancellation)
    {
        using var permit = await AcquireAsync(cancellation);
        return hasher.HashPassword(user, password);
    }

    public void Dispose() => limiter.Dispose();

    private async Task<RateLimitLease> AcquireAsync(CancellationToken cancellation)
    {
        var permit = await limiter.AcquireAsync(1, cancellation);
        return permit.IsAcquired ? permit : throw new TemporarilyUnavailableException("password hashing");
    }
}
