using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Pages;

namespace FunctionsAuth.Pages;

/// <summary>The operator's design of the pages. It is read once, when the first page is shown.</summary>
public sealed class PageBrand
{
    private const string AccentPrefix = "accent-";
    private const string SheetExtension = ".css";

    // The colours of the dark theme in style.css.
    private static readonly Colour DarkSurface = new(0x18, 0x1d, 0x20);
    private static readonly Colour DarkText = new(0x0f, 0x13, 0x15);
    private static readonly Colour Black = new(0, 0, 0);

    private readonly FrozenDictionary<string, PageAsset> files;
    private readonly Colour? accent;

    // Style sheets for the colours that operators chose. Their number is small.
    private readonly ConcurrentDictionary<Colour, string> sheets = new();

    public PageBrand(ServerOptions options)
    {
        var brand = options.Brand;
        Dictionary<string, PageAsset> own = [];
        Name = options.ShownOperator();
        Logo = AddressOf(brand.Logo, "own-logo");
        Icon = AddressOf(brand.Icon, "own-icon");
        Sheet = AddressOf(brand.Css, "own");
        Support = brand.SupportUri;
        Privacy = brand.PrivacyUri;
        Terms = brand.TermsUri ?? options.Terms.Address;
        FooterText = brand.FooterText;
        accent = brand.Accent is null ? null : Colour.Parse(brand.Accent);
        files = own.ToFrozenDictionary(StringComparer.Ordinal);

        // An external address is used unchanged. A file is served as an asset of this server.
        string? AddressOf(string? setting, string name)
        {
            if (BrandOptions.FileOf(setting) is not { } path)
                return setting;
            var asset = PageAssets.Of(Path.GetExtension(path), File.ReadAllBytes(path));
            own[name + Path.GetExtension(path)] = asset;
            return PageAssets.Href(name + Path.GetExtension(path), asset);
        }
    }

    public string Name { get; }

    /// <summary>An https URL, or an address relative to the base address of the server.</summary>
    public string? Logo { get; }

    /// <inheritdoc cref="Logo"/>
    public string? Icon { get; }

    /// <inheritdoc cref="Logo"/>
    public string? Sheet { get; }

    public Uri? Support { get; }

    public Uri? Privacy { get; }

    public Uri? Terms { get; }

    public string? FooterText { get; }

    /// <summary>Whether the page needs a footer.</summary>
    /// <param name="withLogo">The page shows the logo only in the footer.</param>
    public bool HasFooter(bool withLogo) => (Support ?? Privacy ?? Terms) is not null || FooterText is not null || (withLogo && Logo is not null);

    /// <summary>The style sheet with the colours of the client, or else of the operator; null for the default colours of this release.</summary>
    /// <param name="client">The client of the page; null if the page belongs to no client.</param>
    public string? AccentSheetOf(PageClient? client) => (client?.Accent ?? accent) is { } colour ? sheets.GetOrAdd(colour, HrefOf) : null;

    /// <summary>A file of the operator, or the style sheet of a colour; null if there is none with this name.</summary>
    public PageAsset? Asset(string name)
    {
        if (files.TryGetValue(name, out var own))
            return own;
        return name.StartsWith(AccentPrefix, StringComparison.Ordinal) && name.EndsWith(SheetExtension, StringComparison.Ordinal)
            && Colour.Parse($"#{name[AccentPrefix.Length..^SheetExtension.Length]}") is { } colour
            ? AssetOf(colour)
            : null;
    }

    private static string HrefOf(Colour colour) => PageAssets.Href($"{AccentPrefix}{colour.ToString()[1..]}{SheetExtension}", AssetOf(colour));

    private static PageAsset AssetOf(Colour colour) => PageAssets.Of(SheetExtension, Encoding.UTF8.GetBytes(SheetOf(colour)));

    /// <summary>A style sheet with this colour, made darker or lighter where needed, so that text in it can be read.</summary>
    private static string SheetOf(Colour colour)
    {
        var light = colour.Toward(Black, Colour.White);
        var dark = colour.Toward(Colour.White, DarkSurface, DarkText);
        return $$"""
            :root { --accent: {{light}}; --accent-strong: {{light.Mix(Black, 0.25)}}; --on-accent: #ffffff; }
            @media (prefers-color-scheme: dark) { :root { --accent: {{dark}}; --accent-strong: {{dark.Mix(Colour.White, 0.3)}}; --on-accent: {{DarkText}}; } }
            """;
    }
}
