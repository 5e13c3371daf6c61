using FunctionsAuth.Cli;
using FunctionsAuth.Dev;
using FunctionsAuth.Dev.Commands;

namespace FunctionsAuth.Documentation.Tests.Markdown;

public sealed class CommandLineTests
{
    private static readonly System.CommandLine.RootCommand Cli = CliProgram.Create(CliHost.OfThisMachine());

    [Theory]
    [MemberData(nameof(MarkdownFile.AllPaths), MemberType = typeof(MarkdownFile))]
    public void Every_command_of_dev_exists_with_its_options(string path)
    {
        var file = MarkdownFile.Of(path);
        var wrong = Lines(file, "dotnet dev.cs").Select(line => (line.Text, Problem: ProblemOfDev(line.Words, line.IsWhole))).Where(line => line.Problem is not null).ToList();
        Assert.True(wrong.Count == 0, $"{path}: {string.Join("; ", wrong.Select(line => $"`{line.Text}`: {line.Problem}"))}");
    }

    [Theory]
    [MemberData(nameof(MarkdownFile.AllPaths), MemberType = typeof(MarkdownFile))]
    public void Every_command_of_functionsauth_exists_with_its_options(string path)
    {
        var file = MarkdownFile.Of(path);
        var wrong = Lines(file, "functionsauth").Select(line => (line.Text, Problem: ProblemOfCli(line.Words, line.IsWhole))).Where(line => line.Problem is not null).ToList();
        Assert.True(wrong.Count == 0, $"{path}: {string.Join("; ", wrong.Select(line => $"`{line.Text}`: {line.Problem}"))}");
    }

    [Fact]
    public void The_pages_name_many_commands() =>
        Assert.True(MarkdownFile.All.Sum(file => Lines(file, "dotnet dev.cs").Count() + Lines(file, "functionsauth").Count()) > 60);

    /// <summary>Those in blocks are whole. Inline code may name a command without its operands.</summary>
    private static IEnumerable<(string Text, List<string> Words, bool IsWhole)> Lines(MarkdownFile file, string program)
    {
        var inBlocks = file.CodeBlocks.Where(block => block.Language is "" or "bash" or "sh" or "shell" or "console" or "powershell" or "text")
            .SelectMany(block => ShellLine.Commands(block.Text)).Select(text => (text, IsWhole: true));
        var inline = file.InlineCode.Where(code => code.StartsWith(program, StringComparison.Ordinal)).Select(text => (text, IsWhole: false));
        foreach (var (text, isWhole) in inBlocks.Concat(inline))
        {
            if (ShellLine.WordsBehind(text, program) is { Count: > 0 } words)
                yield return (text, words, isWhole);
        }
    }

    private static string? ProblemOfDev(List<string> words, bool isWhole)
    {
        if (words[0] is "help" or "COMMAND")
            return null;
        var command = CommandList.All.Where(command => command.Name.Split(' ') is var name && name.SequenceEqual(words.Take(name.Length))).MaxBy(command => command.Name.Length);
        if (command is null)
            return CommandList.All.Any(other => !isWhole && other.Name.StartsWith($"{string.Join(' ', words)} ", StringComparison.Ordinal)) ? null : "there is no such command";
        var asked = isWhole ? command : command with { Operands = [.. command.Operands.Select(operand => $"[{operand}]")] };
        if (!isWhole && command.Options.Any(option => option.Name == words[^1] && option.Value is not null))
            words.Add("placeholder");
        try
        {
            Arguments.Parse(asked, words.Skip(command.Name.Split(' ').Length));
            return null;
        }
        catch (Problem problem)
        {
            return problem.Message;
        }
    }

    private static string? ProblemOfCli(List<string> words, bool isWhole)
    {
        if (words[0] == "COMMAND")
            return null;
        var parsed = Cli.Parse(words);
        return isWhole && parsed.Errors.Count > 0 ? parsed.Errors[0].Message : parsed.UnmatchedTokens.Count > 0 ? $"{parsed.UnmatchedTokens[0]} is unknown" : null;
    }
}
