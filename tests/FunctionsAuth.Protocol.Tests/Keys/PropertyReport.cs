using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FunctionsAuth.Protocol.Tests.Keys.World;

namespace FunctionsAuth.Protocol.Tests.Keys;

/// <summary>
/// Checks properties on random cases, the same in every run, and leaves the numbers for a reader. With the environment
/// variable FUNCTIONSAUTH_TEST_CASES it is so many of each, and others every time.
/// </summary>
internal static class PropertyReport
{
    private static readonly Lock Writing = new();
    private static readonly SortedDictionary<string, string> Lines = new(StringComparer.Ordinal);

    /// <param name="holds">Throws what is wrong with a case; or counts what it has looked at.</param>
    public static void Check<T>(Arbitrary<T> cases, int count, Action<T, Counts> holds, [CallerMemberName] string property = "")
    {
        var asked = Environment.GetEnvironmentVariable("FUNCTIONSAUTH_TEST_CASES");
        var config = Config.QuickThrowOnFailure.WithMaxTest(asked is null ? count : int.Parse(asked, CultureInfo.InvariantCulture));
        var counts = new Counts();
        Prop.ForAll(cases, one =>
        {
            counts.Add(typeof(T) == typeof(KeyHistory) ? "histories" : "rings", 1);
            holds(one, counts);
        }).Check(asked is null ? config.WithReplay(SeedOf(property), 1) : config);
        Write($"{property.Replace('_', ' ')}: {counts}");
    }

    /// <summary>Each property has cases of its own.</summary>
    private static ulong SeedOf(string property) => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(property)));

    private static void Write(string line)
    {
        lock (Writing)
        {
            Lines[line.Split(':')[0]] = line;
            TestResults.Write("key-ring-properties.txt", $"Properties of the key ring, on random histories and rings\n\n{string.Join('\n', Lines.Values)}\n");
        }
    }

    /// <summary>What was looked at, so that nobody need believe that it was much.</summary>
    internal sealed class Counts
    {
        private readonly Dictionary<string, long> counted = [];

        public void Add(string what, long number) => counted[what] = counted.GetValueOrDefault(what) + number;

        public override string ToString() => string.Join(", ", counted.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value:n0} {pair.Key}")));
    }
}
