using System.CommandLine;
using System.Text.Json.Nodes;
using FunctionsAuth.Cli.Api;

namespace FunctionsAuth.Cli.Commands;

/// <summary>Members of a record on a command line.</summary>
internal static class Members
{
    public static Option<string[]> Set { get; } = new("--set") { Description = "Set a member to a value, which is JSON or text, such as require_pkce=true", HelpName = "member=value" };

    public static Option<string[]> Unset { get; } = new("--unset") { Description = "Reset a member to its default value", HelpName = "member" };

    /// <summary>Adds the values of <c>--set</c> and <c>--unset</c> to a merge patch (RFC 7396).</summary>
    public static void AddTo(CommandRun run, JsonObject record)
    {
        foreach (var (name, value) in (run.Get(Set) ?? []).Select(Split))
            record[name] = ApiJson.ReadValue(value);
        foreach (var name in run.Get(Unset) ?? [])
            record[name] = null;
    }

    /// <exception cref="CliFailure">There is no equals sign.</exception>
    public static (string Name, string Value) Split(string text) =>
        text.Split('=', 2) is [{ Length: > 0 } name, var value] ? (name, value) : throw CliFailure.Usage($"{text} must have the form name=value.");

    public static JsonArray ListOf(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    /// <exception cref="CliFailure">No change was given.</exception>
    public static JsonObject Needed(JsonObject patch) => patch.Count > 0 ? patch : throw CliFailure.Usage("Name at least one change.");
}
