using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.LocalHost.Commands;

/// <summary>All rings at one moment: a table for a person, or JSON for a script.</summary>
internal sealed class KeyOverview
{
    private static readonly string[] Headings = ["KID", "KEY", "VAULT", "STATE", "SINCE", "NEXT"];
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly DateTimeOffset now;
    private readonly (string Name, TimeSpan Value)[] settings;
    private readonly List<KeyLine> lines = [];
    private readonly List<string> remarks = [];

    private KeyOverview(OperatorKeys keys, DateTimeOffset now)
    {
        this.now = now;
        settings =
        [
            ("Keys:Announce", keys.Rules.Announce),
            ("Lifetimes:LongestToken", keys.Rules.Retain),
            ("Keys:ClockSkew", keys.Rules.ClockSkew),
        ];
    }

    public static async Task<KeyOverview> ReadAsync(OperatorKeys keys, CancellationToken cancellation)
    {
        var now = keys.Now;
        var overview = new KeyOverview(keys, now);
        foreach (var type in Enum.GetValues<SigningKeyType>())
        {
            var timeline = new KeyTimeline(type, await keys.ListAsync(type, cancellation), keys.Rules, now);
            overview.lines.AddRange(timeline.Lines);
            foreach (var store in keys.Stores.Where(store => timeline.Versions.All(version => version.Store != store.Name)))
                overview.remarks.Add(await DescribeEmptyAsync(keys, store, type, cancellation));
            if (timeline.Versions.Count > 0 && !timeline.Signing.Any())
                overview.remarks.Add($"Nothing can sign {KeyText.SignedWith(type)}: every {KeyText.NameOf(type)} version has expired or is not valid yet.");
        }
        return overview;
    }

    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"At {KeyText.Moment(now)}, with {string.Join(", ", settings.Select(setting => $"{setting.Name} {setting.Value:c}"))}. If the server has other values, pass them with --set.");
        if (lines.Count > 0)
            AppendTable(text.AppendLine(), [Headings, .. lines.Select(Cells)]);
        if (remarks.Count > 0)
            text.AppendLine();
        foreach (var remark in remarks)
            text.AppendLine(remark);
        return text.ToString().TrimEnd();
    }

    public string ToJson() => new JsonObject
    {
        ["now"] = KeyText.JsonMoment(now),
        ["settings"] = new JsonObject(settings.Select(setting => KeyValuePair.Create(setting.Name, (JsonNode?)setting.Value.ToString("c")))),
        ["keys"] = new JsonArray([.. lines.Select(ToJson)]),
        ["remarks"] = new JsonArray([.. remarks.Select(remark => (JsonNode)remark)]),
    }.ToJsonString(Readable);

    private static async Task<string> DescribeEmptyAsync(OperatorKeys keys, IKeyStore store, SigningKeyType type, CancellationToken cancellation)
    {
        var key = $"{KeyText.NameOf(type)} key in {store.Name}";
        return await keys.HasAnyAsync(store, type, cancellation)
            ? $"All versions of the {key} are disabled{(store.IsReserve ? "" : $"; create a new one with `keys rotate {KeyText.OptionOf(type)}`")}."
            : $"There is no {key} yet{(store.IsReserve ? "" : ": the server creates one when it starts")}.";
    }

    private static string[] Cells(KeyLine line)
    {
        var version = line.Version;
        return
        [
            version.PublicKey.Kid,
            $"{KeyText.NameOf(version.PublicKey.Type)} {string.Join(' ', KeyText.AlgorithmsOf(version.PublicKey.Type))}",
            version.Store,
            KeyText.Name(line.Use),
            KeyText.Moment(line.Since),
            KeyText.NextOf(line),
        ];
    }

    private static void AppendTable(StringBuilder text, IReadOnlyList<string[]> rows)
    {
        int[] widths = [.. Headings.Select((_, column) => rows.Max(row => row[column].Length))];
        foreach (var row in rows)
            text.AppendLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    private static JsonObject ToJson(KeyLine line)
    {
        var (version, type) = (line.Version, line.Version.PublicKey.Type);
        return new JsonObject
        {
            ["kid"] = version.PublicKey.Kid,
            ["type"] = KeyText.NameOf(type),
            ["algorithms"] = new JsonArray([.. KeyText.AlgorithmsOf(type).Select(algorithm => (JsonNode)algorithm)]),
            ["vault"] = version.Store,
            ["state"] = KeyText.Name(line.Use),
            ["since"] = KeyText.JsonMoment(line.Since),
            ["next"] = line.Next is not { } next ? null : new JsonObject { ["state"] = KeyText.Name(next.Use), ["at"] = KeyText.JsonMoment(next.At) },
        };
    }
}
