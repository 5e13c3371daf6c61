using System.Globalization;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Protocol.Wire;

namespace FunctionsAuth.LocalHost.Commands;

/// <summary>The texts for keys and their changes.</summary>
internal static class KeyText
{
    public static string NameOf(SigningKeyType type) => type == SigningKeyType.Ec ? "EC" : "RSA";

    /// <summary>As the command line has it.</summary>
    public static string OptionOf(SigningKeyType type) => NameOf(type).ToLowerInvariant();

    public static IEnumerable<string> AlgorithmsOf(SigningKeyType type) => SigningAlgorithms.All.Where(algorithm => SigningKeyTypes.Of(algorithm) == type);

    /// <summary>In a sentence.</summary>
    public static string SignedWith(SigningKeyType type) => string.Join(" and ", AlgorithmsOf(type));

    public static string Name(KeyUse use) => use.ToString().ToLowerInvariant();

    public static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>RFC 3339.</summary>
    public static string JsonMoment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string NextOf(KeyLine line) => line switch
    {
        { Use: KeyUse.Retired } => "disabled by the rollover timer",
        { Next: null } => "-",
        { Next.Use: KeyUse.Signing } => $"signs from {Moment(line.Next.At)}",
        { Next.Use: KeyUse.Standby } => $"stands by from {Moment(line.Next.At)}",
        { Next.Use: KeyUse.Retired } => $"retires at {Moment(line.Next.At)}",
        { Next: var next } => $"{Name(next.Use)} from {Moment(next.At)}",
    };
}
