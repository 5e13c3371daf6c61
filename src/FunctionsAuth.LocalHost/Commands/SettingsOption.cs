using System.CommandLine;

namespace FunctionsAuth.LocalHost.Commands;

/// <summary><c>--set Name=value</c>, as often as needed.</summary>
internal static class SettingsOption
{
    /// <param name="recursive">Whether it is also an option of the subcommands.</param>
    public static Option<string[]> Create(bool recursive = false) =>
        new("--set") { Description = "A setting of the server: Name=value. Can be repeated", DefaultValueFactory = _ => [], Recursive = recursive };

    public static Dictionary<string, string?> Read(ParseResult arguments, Option<string[]> option)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var setting in arguments.GetRequiredValue(option))
        {
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new UsageException("--set must have the form Name=value, such as Lifetimes:AccessToken=00:10:00.");
            settings[setting[..equals].Replace("__", ":", StringComparison.Ordinal)] = setting[(equals + 1)..];
        }
        return settings;
    }
}
