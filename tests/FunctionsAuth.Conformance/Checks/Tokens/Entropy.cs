namespace FunctionsAuth.Conformance.Checks.Tokens;

/// <summary>The suite's estimate of how hard a value is to guess: Shannon's entropy of its characters, times its length, in bits.</summary>
internal static class Entropy
{
    private const double Least = 96;

    public static double Of(string value) =>
        -value.GroupBy(c => c).Sum(same => same.Count() * Math.Log2((double)same.Count() / value.Length));

    public static void ShouldBeEnough(string what, string value)
    {
        Assert.True(value.Length >= 16, $"The {what} has fewer than 16 characters");
        Assert.True(Of(value) > Least, $"The {what} has only {Of(value):f0} bits of entropy by the suite's estimate; it needs more than {Least}");
    }
}
