namespace FunctionsAuth.Documentation.Tests.Reference;

public sealed class ReferenceTests
{
    public static TheoryData<string> Pages => [.. ReferencePages.All.Keys];

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_reference_says_what_the_code_says(string page)
    {
        var written = File.Exists(Repository.PathOf(page)) ? Repository.Read(page) : "";
        Assert.True(ReferencePages.All[page]().ReplaceLineEndings("\n") == written, $"{page} does not say what the code says: run `dotnet dev.cs reference`");
    }

    [Fact]
    public void Every_call_that_makes_an_error_is_in_the_reference()
    {
        var (there, read) = ErrorTexts.Calls;
        Assert.Equal(there, read);
        Assert.True(there > 150);
    }

    [Fact]
    public void Every_log_event_is_in_the_reference()
    {
        var written = Repository.Files("src", "*.cs").Sum(file => Repository.Read(file).Split("[LoggerMessage(").Length - 1);
        Assert.Equal(written, ReferencePages.All[$"{ReferencePages.Folder}/events.md"]().Split('\n').Count(line => line.StartsWith("| ", StringComparison.Ordinal) && char.IsAsciiDigit(line[2])));
    }
}
