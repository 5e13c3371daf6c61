using System.CommandLine;

namespace FunctionsAuth.Cli.Commands;

/// <summary>The spelling of commands for users.</summary>
internal static class CommandText
{
    public const string Tool = "functionsauth";

    public static string Of(Command command)
    {
        List<string> names = [];
        for (var one = command; one is not RootCommand; one = one.Parents.OfType<Command>().First())
            names.Insert(0, one.Name);
        return string.Join(' ', names.Prepend(Tool));
    }
}
