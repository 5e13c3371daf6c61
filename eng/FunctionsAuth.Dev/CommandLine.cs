using FunctionsAuth.Dev.Commands;

namespace FunctionsAuth.Dev;

/// <summary>Finds the command that was typed, and writes the help.</summary>
internal static class CommandLine
{
    private static readonly string[] AsksForHelp = ["help", "--help", "-h", "-?"];

    public static Task<int> RunAsync(string[] args, CancellationToken stopping)
    {
        // dotnet itself answers `dotnet dev.cs run --help`. It passes on the words after two hyphens.
        if (args.Length == 0 || AsksForHelp.Contains(args[0]))
            return HelpAsync([.. args.Skip(1)]);
        if (args.Any(word => word is "--help" or "-h"))
            return HelpAsync([.. args.TakeWhile(word => !word.StartsWith('-'))]);
        var command = Find(args);
        return command.RunAsync(Arguments.Parse(command, args.Skip(command.Name.Split(' ').Length)), stopping);
    }

    private static Command Find(string[] args)
    {
        // `keys rotate` has priority over `keys`.
        var command = CommandList.All.Where(command => command.Name.Split(' ') is var name && name.SequenceEqual(args.Take(name.Length))).MaxBy(command => command.Name.Length);
        if (command is not null)
            return command;
        var below = CommandList.All.Where(other => other.Name.StartsWith($"{args[0]} ", StringComparison.Ordinal)).Select(other => other.Name);
        throw new Problem(below.Any()
            ? $"`{args[0]}` is one of: {string.Join(", ", below)}. `dotnet dev.cs help {args[0]}` describes each of them."
            : $"There is no command {args[0]}. The commands are {string.Join(", ", CommandList.All.Select(command => command.Name.Split(' ')[0]).Distinct())}. `dotnet dev.cs help` describes each of them.");
    }

    private static Task<int> HelpAsync(string[] about)
    {
        var name = string.Join(' ', about);
        var commands = CommandList.All.Where(command => command.Name == name || command.Name.StartsWith($"{name} ", StringComparison.Ordinal)).ToList();
        if (about.Length == 0)
            WriteOverview();
        else if (commands.Count == 0)
            commands.Add(Find(about)); // `keys rotate rsa`
        foreach (var command in commands)
            WriteCommand(command);
        return Task.FromResult(0);
    }

    private static void WriteOverview()
    {
        Console.WriteLine("dotnet dev.cs COMMAND [options]\n");
        var width = CommandList.All.Max(command => command.Usage.Length) + 3;
        foreach (var command in CommandList.All)
            Console.WriteLine($"  {command.Usage.PadRight(width)}{command.Summary}");
        Console.WriteLine("\n`dotnet dev.cs help COMMAND` lists the options of a command.");
    }

    private static void WriteCommand(Command command)
    {
        Console.WriteLine($"dotnet dev.cs {command.Usage}{(command.Options.Length > 0 ? " [options]" : "")}\n");
        foreach (var line in command.Help.Split('\n'))
            Console.WriteLine($"  {line}");
        var width = command.Options.Select(option => $"{option}".Length).DefaultIfEmpty().Max() + 3;
        Console.WriteLine();
        foreach (var option in command.Options)
            Console.WriteLine($"  {$"{option}".PadRight(width)}{option.Help.Replace("\n", $"\n{new string(' ', width + 2)}", StringComparison.Ordinal)}");
        if (command.Options.Length > 0)
            Console.WriteLine();
    }
}
