using System.Globalization;

namespace FunctionsAuth.Protocol.Configuration;

/// <summary>A colour of sRGB, and how well it stands out from others: WCAG 2.2 §1.4.3.</summary>
/// <param name="Red">0 to 255, as the others.</param>
public readonly record struct Colour(byte Red, byte Green, byte Blue)
{
    /// <summary>Text that is smaller than large text must have so much (level AA).</summary>
    public const double Enough = 4.5;

    public static Colour White { get; } = new(255, 255, 255);

    /// <summary>Reads <c>#0b655a</c>; null for anything else.</summary>
    public static Colour? Parse(string text) =>
        text.Length == 7 && text[0] == '#' && uint.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? new Colour((byte)(value >> 16), (byte)(value >> 8), (byte)value)
            : null;

    /// <summary>From 1, which nobody can read, to 21.</summary>
    public double ContrastTo(Colour other)
    {
        var (one, two) = (Luminance, other.Luminance);
        return (Math.Max(one, two) + 0.05) / (Math.Min(one, two) + 0.05);
    }

    /// <summary>The nearest colour on the way to the other one that has enough contrast to all of these.</summary>
    public Colour Toward(Colour end, params ReadOnlySpan<Colour> readableOn)
    {
        const int Steps = 100;
        for (var step = 0; step < Steps; step++)
        {
            var mixed = Mix(end, step / (double)Steps);
            if (mixed.IsReadableOn(readableOn))
                return mixed;
        }
        return end;
    }

    public bool IsReadableOn(params ReadOnlySpan<Colour> others)
    {
        foreach (var other in others)
        {
            if (ContrastTo(other) < Enough)
                return false;
        }
        return true;
    }

    /// <param name="share">Of the other colour, from 0 to 1.</param>
    public Colour Mix(Colour other, double share) => new(Between(Red, other.Red, share), Between(Green, other.Green, share), Between(Blue, other.Blue, share));

    public override string ToString() => $"#{Red:x2}{Green:x2}{Blue:x2}";

    private double Luminance => (0.2126 * Linear(Red)) + (0.7152 * Linear(Green)) + (0.0722 * Linear(Blue));

    private static byte Between(byte one, byte other, double share) => (byte)Math.Round(one + ((other - one) * share));

    private static double Linear(byte part) => part / 255.0 is var value && value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
}
