using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using FunctionsAuth.Cli.Api;

namespace FunctionsAuth.Cli.Commands;

/// <summary>Lists that the API returns in parts.</summary>
internal static class ListOptions
{
    private const int MostOfPart = 200;

    public static Option<bool> All { get; } = new("--all") { Description = "Show all entries, not only the first part" };

    public static Option<int?> Limit { get; } = new("--limit") { Description = "The largest number of entries: 1 to 200. The default is 50", HelpName = "n" };

    /// <summary>Reads the first part of a list, or all parts as one list, and prints it.</summary>
    public static async Task PrintListAsync(
        this CommandRun run, ManageClient api, string path, (string Name, string? Value)[] query, params (string Title, Func<JsonNode, string?> Text)[] columns)
    {
        var limit = run.Get(All) ? MostOfPart : run.Get(Limit);
        var answer = await api.GetAsync(path, [.. query, ("limit", limit?.ToString(CultureInfo.InvariantCulture))]);
        if (run.Get(All))
            answer = await RestAsync(api, path, query, answer);
        run.Print(answer, columns);
        if (answer.Json.Text("next") is not null && !run.WantsJson)
            run.Screen.Note("There are more entries. Show all with --all.");
    }

    private static async Task<ApiAnswer> RestAsync(ManageClient api, string path, (string Name, string? Value)[] query, ApiAnswer first)
    {
        if (first.Json.Text("next") is not { } next)
            return first;
        var items = new JsonArray([.. first.Json.Items().Select(item => item?.DeepClone())]);
        for (string? after = next; after is not null;)
        {
            var part = (await api.GetAsync(path, [.. query, ("limit", MostOfPart.ToString(CultureInfo.InvariantCulture)), ("after", after)])).Json;
            foreach (var item in part.Items())
                items.Add(item?.DeepClone());
            after = part.Text("next");
        }
        return first with { Body = new JsonObject { ["items"] = items }.ToJsonString(ApiJson.Compact) };
    }
}
