using System.Text;
using System.Text.Json.Nodes;
using AngleSharp.Dom;
using FunctionsAuth.Protocol.Languages;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Languages;

/// <summary>
/// A language of its own in which each text stands in brackets: what a page shows outside of brackets is no text of a language. It is a file of an
/// operator, as anybody could write one.
/// </summary>
internal sealed class OtherLanguage : IDisposable
{
    public const string Tag = "zz";

    private const char Open = '⟦';
    private const char Close = '⟧';

    private readonly string folder = Directory.CreateTempSubdirectory("languages").FullName;

    public OtherLanguage()
    {
        using var german = typeof(Language).Assembly.GetManifestResourceStream("Languages.de.json")!;
        var texts = new JsonObject();
        foreach (var (english, _) in JsonNode.Parse(german)!.AsObject().Where(entry => !entry.Key.StartsWith('$')))
            texts[english] = $"{Open}{english}{Close}";
        File.WriteAllText(Path.Combine(folder, $"{Tag}.json"), texts.ToJsonString());
    }

    public (string, string?) Setting => ("Languages:Folder", folder);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>What a page says outside of the language: names, addresses and the like.</summary>
    public static IEnumerable<string> Outside(Answer page)
    {
        var document = page.Document;
        // A sentence may go on behind a name that stands out.
        var depth = 0;
        foreach (var node in document.Descendants<IText>().Where(text => !IsElsewhere(text)))
        {
            if (OutsideOf(node.Text, ref depth) is { Length: > 0 } text)
                yield return text;
        }
        string[] spoken = ["aria-label", "title", "placeholder", "alt", "data-show", "data-hide", "data-show-label", "data-hide-label", "data-exists", "data-cancelled", "data-failed"];
        foreach (var attribute in document.All.SelectMany(element => element.Attributes).Where(attribute => spoken.Contains(attribute.Name)))
        {
            if (OutsideOf(attribute.Value) is { Length: > 0 } text)
                yield return $"{attribute.Name}: {text}";
        }
    }

    /// <summary>The letters of a text that stand in no brackets.</summary>
    public static string OutsideOf(string text)
    {
        var depth = 0;
        return OutsideOf(text, ref depth);
    }

    private static string OutsideOf(string text, ref int depth)
    {
        var outside = new StringBuilder();
        foreach (var c in text)
        {
            if (c == Open)
                depth++;
            else if (c == Close)
                depth--;
            else if (depth == 0)
                outside.Append(c);
        }
        var left = outside.ToString().Trim();
        return left.Any(char.IsLetter) ? left : "";
    }

    /// <summary>What developers read is English, and says so.</summary>
    private static bool IsElsewhere(IText text) => text.Ancestors<IElement>().Any(element => element.GetAttribute("lang") == "en" || element.GetAttribute("aria-hidden") == "true" || element.LocalName is "script" or "style" or "code" or "time");
}
