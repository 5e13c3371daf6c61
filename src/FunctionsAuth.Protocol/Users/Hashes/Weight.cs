using System.Diagnostics;
using System.Security.Cryptography;

namespace FunctionsAuth.Protocol.Users.Hashes;

/// <summary>
/// What one unit of some work costs, in iterations of PBKDF2-HMAC-SHA512. Processors differ in it, so it is measured: once, and not before
/// somebody asks, as most servers never need it.
/// </summary>
/// <param name="units">The number of units in one call of <paramref name="work"/>.</param>
internal sealed class Weight(int units, Action work)
{
    private const int Iterations = 2000;

    private static readonly Lazy<double> TimeOfIteration = new(() =>
        TimeOf(() => Rfc2898DeriveBytes.Pbkdf2("password", new byte[16], Iterations, HashAlgorithmName.SHA512, 32)) / Iterations);

    private readonly Lazy<double> value = new(() => TimeOf(work) / units / TimeOfIteration.Value);

    public double Value => value.Value;

    private static double TimeOf(Action work)
    {
        // The first runs come before the compiler has optimized the code.
        const int tries = 10;
        // The least of several: whatever else the machine does makes it only longer.
        return Enumerable.Range(0, tries).Min(_ =>
        {
            var start = Stopwatch.GetTimestamp();
            work();
            return Math.Max(Stopwatch.GetTimestamp() - start, 1d);
        });
    }
}
