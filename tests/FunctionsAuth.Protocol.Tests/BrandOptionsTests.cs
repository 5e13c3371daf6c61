using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.Protocol.Tests;

/// <summary>What an operator may make of the pages, and what is refused at the start.</summary>
public sealed class BrandOptionsTests
{
    [Theory]
    [InlineData("#000000", "#ffffff", 21)]
    [InlineData("#767676", "#ffffff", 4.54)]
    [InlineData("#0b655a", "#ffffff", 6.95)]
    public void Contrast_is_that_of_WCAG(string one, string other, double ratio) => Assert.Equal(ratio, Colour.Parse(one)!.Value.ContrastTo(Colour.Parse(other)!.Value), 0.02);

    [Theory]
    [InlineData("#0b655a")]
    [InlineData("#000000")]
    [InlineData("#7b1fa2")]
    public void A_colour_that_stands_out_is_good(string accent) => Assert.Empty(ProblemsOf(new BrandOptions { Accent = accent }));

    [Theory]
    [InlineData("#ffcc00")]
    [InlineData("#00b7ff")]
    [InlineData("#ffffff")]
    [InlineData("#808080")]
    public void A_colour_that_does_not_is_refused_with_the_nearest_that_does(string accent)
    {
        var problem = Assert.Single(ProblemsOf(new BrandOptions { Accent = accent }));
        var nearest = problem[(problem.LastIndexOf(' ') + 1)..];
        Assert.Empty(ProblemsOf(new BrandOptions { Accent = nearest }));
        var colour = Colour.Parse(nearest)!.Value;
        Assert.InRange(colour.ContrastTo(new Colour(0xee, 0xf1, 0xf2)), Colour.Enough, Colour.Enough + 0.35);
    }

    [Theory]
    [InlineData("red")]
    [InlineData("#fff")]
    [InlineData("#12345g")]
    [InlineData("#-12345")]
    [InlineData("0b655a0")]
    public void What_is_no_colour_is_refused(string accent) => Assert.Contains("must be a colour", Assert.Single(ProblemsOf(new BrandOptions { Accent = accent })), StringComparison.Ordinal);

    [Fact]
    public void Addresses_and_files_are_checked()
    {
        var wrong = new BrandOptions
        {
            Logo = "http://shop.example/logo.svg",
            Icon = "missing.svg",
            Css = "style.txt",
            SupportUri = new Uri("javascript:alert(1)"),
            PrivacyUri = new Uri("http://shop.example/privacy"),
            TermsUri = new Uri("/terms", UriKind.Relative),
            FooterText = "one\nline",
        };
        Assert.Equal(["Logo", "Icon", "Css", "SupportUri", "PrivacyUri", "TermsUri", "FooterText"], ProblemsOf(wrong).Select(problem => problem.Split(' ')[0]["Brand:".Length..]));
        Assert.Empty(ProblemsOf(new BrandOptions { Logo = "https://shop.example/logo.svg", SupportUri = new Uri("mailto:help@shop.example"), FooterText = "Shop Ltd, London" }));
    }

    private static IEnumerable<string> ProblemsOf(BrandOptions brand) => new ServerOptions { Issuer = new Uri("https://login.example"), Brand = brand }.Problems();
}
