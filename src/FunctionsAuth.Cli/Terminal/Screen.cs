using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace FunctionsAuth.Cli.Terminal;

/// <summary>The output for users: tables and sentences on standard output.</summary>
internal sealed class Screen
{
    // Lines are not wrapped if a program reads the output.
    private const int WidthOfPipe = 1000;

    private readonly CliHost host;
    private readonly IAnsiConsole console;

    public Screen(CliHost host)
    {
        this.host = host;
        console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(host.Output),
            Ansi = host.IsInteractive ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = host.IsInteractive ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!host.IsInteractive)
            console.Profile.Width = WidthOfPipe;
    }

    public void Say(string sentence) => host.Output.WriteLine(PlainText.Of(sentence));

    /// <summary>A note that does not belong to the result, on standard error.</summary>
    public void Note(string sentence) => host.Error.WriteLine(PlainText.Of(sentence));

    /// <summary>A table with one line for each item.</summary>
    /// <param name="columns">The title, and the member or the function that gives the text of an item.</param>
    public void List(IReadOnlyList<JsonNode?> items, params (string Title, Func<JsonNode, string?> Text)[] columns)
    {
        if (items.Count == 0)
        {
            Say("There are no entries.");
            return;
        }
        var table = new Table { Border = host.IsInteractive ? TableBorder.Simple : TableBorder.None };
        foreach (var (title, _) in columns)
            table.AddColumn(new TableColumn(Markup.Escape(title)) { NoWrap = !host.IsInteractive });
        foreach (var item in items.OfType<JsonNode>())
            table.AddRow([.. columns.Select(column => new Text(PlainText.Of(column.Text(item) ?? "")))]);
        console.Write(table);
    }

    /// <summary>A record, with one member per line.</summary>
    public void Show(JsonObject record)
    {
        var grid = new Grid().AddColumn(new GridColumn { NoWrap = true }).AddColumn();
        foreach (var (name, value) in record)
            grid.AddRow(new Text(name), new Text(PlainText.Of(TextOf(value))));
        console.Write(grid);
    }

    /// <summary>Shows the progress of long work, if a user sees it.</summary>
    public async Task ProgressAsync(string title, int all, Func<Action<int>, Task> work)
    {
        if (!host.IsInteractive)
        {
            await work(_ => { });
            return;
        }
        await console.Progress().StartAsync(async progress =>
        {
            var task = progress.AddTask(Markup.Escape(title), maxValue: all);
            await work(done => task.Value = done);
        });
    }

    /// <summary>A JSON value as text for users.</summary>
    public static string TextOf(JsonNode? value) => value switch
    {
        null => "",
        JsonArray list when list.All(item => item is JsonValue) => string.Join(", ", list.Select(TextOf)),
        JsonValue scalar when scalar.GetValueKind() == JsonValueKind.True => "yes",
        JsonValue scalar when scalar.GetValueKind() == JsonValueKind.False => "no",
        JsonValue scalar => scalar.ToString(),
        _ => value.ToJsonString(Api.ApiJson.Compact),
    };

    /// <summary>A time as text for users, in their own time zone.</summary>
    public static string? MomentOf(JsonNode? value) =>
        DateTimeOffset.TryParse(value?.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
            : null;
}
