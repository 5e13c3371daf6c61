using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FunctionsAuth.Worker.Tests.Harness;

/// <summary>A response in the form that a client sees, without the parts that differ between two answers to the same request.</summary>
internal static partial class Answer
{
    // These headers belong to the connection. The proxy in front of the server sets them.
    private static readonly HashSet<string> Hops = new(StringComparer.OrdinalIgnoreCase) { "Date", "Server", "Connection", "Keep-Alive", "Transfer-Encoding", "Content-Length" };

    /// <summary>Status, headers and body as one text.</summary>
    public static async Task<string> TextOfAsync(HttpResponseMessage response)
    {
        var text = new StringBuilder().Append((int)response.StatusCode).AppendLine();
        var headers = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .Where(header => !Hops.Contains(header.Key))
            .SelectMany(header => header.Value.Select(value => $"{header.Key}: {Mask(value)}"));
        foreach (var header in headers.Order(StringComparer.OrdinalIgnoreCase))
            text.AppendLine(header);
        return text.AppendLine().Append(Mask(await response.Content.ReadAsStringAsync())).ToString();
    }

    public static async Task<JsonObject> JsonOfAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {body}");
        return JsonNode.Parse(body)!.AsObject();
    }

    /// <summary>Replaces random values, such as handles, tokens and keys, and times.</summary>
    private static string Mask(string text) => Moment().Replace(Random().Replace(text, "(random)"), "(moment)");

    [GeneratedRegex(@"(?=[\w-]*[A-Z\d])[\w-]{16,}")]
    private static partial Regex Random();

    [GeneratedRegex(@"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT|(?<=[:=])1[5-9]\d{8}\b")]
    private static partial Regex Moment();
}
