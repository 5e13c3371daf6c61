using System.Text.RegularExpressions;
using Markdig.Syntax;

namespace FunctionsAuth.Documentation.Tests.Markdown;

/// <summary>People read the README once, and in a hurry.</summary>
public sealed partial class ReadmeTests
{
    private const int MostWords = 900;
    private const int LongestSentence = 40;

    private static readonly List<string> Texts = [.. MarkdownFile.Of("README.md").Document.Descendants<LeafBlock>().Where(block => block is ParagraphBlock or HeadingBlock).Select(MarkdownFile.PlainText)];

    [Fact]
    public void It_is_short()
    {
        var words = Texts.Sum(text => Word().Count(text));
        Assert.True(words <= MostWords, $"README.md has {words} words beside its code blocks, and at most {MostWords} are allowed");
    }

    [Fact]
    public void Its_sentences_are_short()
    {
        var tooLong = Texts.SelectMany(text => SentenceEnd().Split(text)).Where(sentence => Word().Count(sentence) > LongestSentence).ToList();
        Assert.True(tooLong.Count == 0, $"README.md has sentences of more than {LongestSentence} words: {string.Join(" | ", tooLong)}");
    }

    [GeneratedRegex(@"\S*\w\S*")]
    private static partial Regex Word();

    [GeneratedRegex(@"(?<=[.!?:])\s+")]
    private static partial Regex SentenceEnd();
}
