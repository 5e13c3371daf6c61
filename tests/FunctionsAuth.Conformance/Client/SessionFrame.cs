using System.Diagnostics;
using System.Text.Json.Nodes;

namespace FunctionsAuth.Conformance.Client;

/// <summary>The server's <c>check_session_iframe</c> inside a page of the client: Session Management §3. Its script runs in Node.js.</summary>
internal static class SessionFrame
{
    public static string? Node { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => (string[])[Path.Combine(folder, "node"), Path.Combine(folder, "node.exe")])
        .FirstOrDefault(File.Exists);

    /// <summary>Posts a message to the frame, from a page of the client.</summary>
    /// <param name="address">Of the frame.</param>
    /// <returns>What it answers: unchanged, changed or error.</returns>
    public static async Task<string> AskAsync(Browser browser, string address, string message)
    {
        var page = await browser.GetAsync(address);
        Assert.Equal((200, "text/html"), (page.Answer.Status, page.Answer.MediaType));
        Assert.DoesNotContain("X-Frame-Options", page.Answer.Headers);
        var source = Assert.Single(page.Document.QuerySelectorAll("script[src]")).GetAttribute("src");
        var script = await SuiteHttp.GetAsync(new Uri(page.Url, source).AbsoluteUri);
        Assert.Equal(200, script.Status);
        var dataset = page.Document.Body!.Attributes.Where(attribute => attribute.Name.StartsWith("data-", StringComparison.Ordinal))
            .Select(attribute => new KeyValuePair<string, JsonNode?>(attribute.Name["data-".Length..], attribute.Value));
        var answer = await RunAsync(new JsonObject
        {
            ["script"] = script.Body,
            ["dataset"] = new JsonObject(dataset),
            ["cookies"] = browser.CookiesForScript(page.Url),
            ["client"] = Inbox.Origin,
            ["message"] = message,
        });
        Assert.Equal(Inbox.Origin, answer["origin"]!.GetValue<string>());
        return answer["data"]!.GetValue<string>();
    }

    private static async Task<JsonNode> RunAsync(JsonObject input)
    {
        var start = new ProcessStartInfo(Node!, [Path.Combine(AppContext.BaseDirectory, "Client", "session-frame.mjs")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input.ToJsonString());
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return JsonNode.Parse(output) ?? throw new InvalidOperationException("The frame did not answer.");
    }
}
