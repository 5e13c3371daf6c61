using System.Globalization;
using System.Reflection;
using System.Text;
using FunctionsAuth.Protocol.Text;

namespace FunctionsAuth.Protocol.Tests.Text;

/// <summary>
/// The normal forms of 1,500 random texts of marks, syllables and characters that fall apart, as another implementation of Unicode has them:
/// a text, its form C and its form KC in each line.
/// </summary>
public sealed class NormalFormTests
{
    private static readonly string[] Lines = ReadLines();

    [Fact]
    public void The_forms_are_those_of_another_implementation()
    {
        List<string> wrong = [];
        foreach (var line in Lines)
        {
            var parts = line.Split(';').Select(TextOf).ToList();
            if (NormalForm.Canonical(parts[0]) != parts[1] || NormalForm.Compatible(parts[0]) != parts[2])
                wrong.Add(line);
        }
        Assert.Empty(wrong);
        Assert.True(Lines.Length > 1000);
    }

    [Fact]
    public void A_normal_form_is_its_own_normal_form() => Assert.All(Lines, line =>
    {
        var text = TextOf(line.Split(';')[0]);
        Assert.Equal(NormalForm.Canonical(text), NormalForm.Canonical(NormalForm.Canonical(text)));
        Assert.Equal(NormalForm.Compatible(text), NormalForm.Compatible(NormalForm.Compatible(text)));
    });

    [Theory]
    [InlineData("e\u0301", "\u00e9", "\u00e9")]
    [InlineData("\u212b", "\u00c5", "\u00c5")]
    [InlineData("\ufb01", "\ufb01", "fi")]
    [InlineData("\uff21\uff42", "\uff21\uff42", "Ab")]
    [InlineData("\u1100\u1161\u11a8", "\uac01", "\uac01")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307", "q\u0323\u0307")]
    [InlineData("plain", "plain", "plain")]
    [InlineData("", "", "")]
    public void Well_known_ones(string text, string canonical, string compatible) =>
        Assert.Equal((canonical, compatible), (NormalForm.Canonical(text), NormalForm.Compatible(text)));

    [Theory]
    [InlineData("Zoë 漢字 हिन्दी 😀", true)]
    [InlineData("\u0378", false)]
    [InlineData("\U0010FFFF", false)]
    public void What_Unicode_knows(string text, bool isAssigned) => Assert.Equal(isAssigned, NormalForm.IsAssigned(text));

    [Fact]
    public void Half_of_a_character_is_known_to_nobody_and_stays_as_it_is()
    {
        var half = "half \ud800";
        Assert.False(NormalForm.IsAssigned(half));
        Assert.Equal(half, NormalForm.Compatible(half));
    }

    private static string TextOf(string codePoints)
    {
        var text = new StringBuilder();
        foreach (var one in codePoints.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            text.Append(new Rune(int.Parse(one, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString());
        return text.ToString();
    }

    private static string[] ReadLines()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("normal-forms.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
