namespace FunctionsAuth.Protocol.Credentials;

/// <summary>
/// Limits wrong codes for all second factors of a user together (RFC 4226 §7.3): 5 at once, then one in 3 minutes. Each time the limit is reached the
/// wait doubles, up to 96 minutes, until a right code is entered. Somebody who guesses codes knows the password already, so the owner must change it
/// anyway. Passkeys are not affected.
/// </summary>
public static class FactorGuesses
{
    public const int AtOnce = 5;

    private const int MostDoublings = 5;

    private static readonly TimeSpan Wait = TimeSpan.FromMinutes(3);

    /// <summary>Whether codes are currently not checked at all, right or wrong.</summary>
    public static bool AreThrottled(SecondFactors factors, DateTimeOffset now) => factors.GuessesUntil is { } until && until - now > (AtOnce - 1) * WaitOf(factors);

    public static SecondFactors WithFailure(SecondFactors factors, DateTimeOffset now)
    {
        var until = (factors.GuessesUntil > now ? factors.GuessesUntil.Value : now) + WaitOf(factors);
        var failed = factors with { GuessesUntil = until };
        return AreThrottled(failed, now) && factors.Locks < MostDoublings ? failed with { Locks = failed.Locks + 1, GuessesUntil = now + (2 * (until - now)) } : failed;
    }

    public static SecondFactors WithSuccess(SecondFactors factors) => factors with { GuessesUntil = null, Locks = 0 };

    private static TimeSpan WaitOf(SecondFactors factors) => Wait * (1 << Math.Min(factors.Locks, MostDoublings));
}
