using FunctionsAuth.Cli;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Cli;

/// <summary>The tool as a person or a pipeline runs it, on a machine with a folder of its own, against a running server.</summary>
internal sealed class CommandLine(RunningServer server, string username = "boss") : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("functionsauth-cli").FullName;

    private readonly CancellationTokenSource stopping = new();

    private Task browsing = Task.CompletedTask;

    public string SignIns => Path.Combine(folder, "sign-ins.json");

    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>What a person answers, or a pipe brings; null: nobody is there.</summary>
    public string? Answer { get; set; }

    /// <summary>Looks at each request before it is sent, and may answer or fail in place of the server.</summary>
    public Func<HttpRequestMessage, Func<Task<HttpResponseMessage>>, Task<HttpResponseMessage>>? Between { get; set; }

    /// <summary>What the browser does before it brings the response to the tool.</summary>
    public Func<Uri, Task>? BeforeCallback { get; set; }

    public string? Page { get; private set; }

    public TimeProvider Clock { get; set; } = server.Clock;

    /// <summary>A file in the folder.</summary>
    public string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public async Task<CommandLine> SignInAsync()
    {
        (await RunAsync("login", RunningServer.Issuer)).ShouldBe(ExitCodes.Done);
        return this;
    }

    public async Task<Ran> RunAsync(params string[] arguments)
    {
        var host = Host();
        var exitCode = await CliProgram.RunAsync(arguments, host, stopping.Token);
        await browsing;
        return new Ran(exitCode, host.Output.ToString()!, host.Error.ToString()!);
    }

    public CliHost Host() => new()
    {
        Output = new StringWriter(),
        Error = new StringWriter(),
        Input = new StringReader(Answer ?? ""),
        IsInteractive = Answer is "y" or "n",
        Folder = folder,
        Variable = name => Variables.GetValueOrDefault(name),
        OpenBrowser = Open,
        Handler = new Way(server.CreateHandler(), this),
        Clock = Clock,
    };

    /// <summary>A person who signs in at the address, and whose browser goes where the server sends it.</summary>
    private bool Open(Uri address)
    {
        browsing = BrowseAsync(address);
        return true;
    }

    private async Task BrowseAsync(Uri address)
    {
        try
        {
            var browser = new Browser(server);
            var answer = await browser.FollowAsync(await browser.GetAsync(address.AbsoluteUri));
            if (answer.HasForm("login"))
                answer = await browser.FollowAsync(await browser.LoginAsync(answer, username));
            var callback = new Uri(answer.Location ?? answer.Document.QuerySelector("a#continue")?.GetAttribute("href") ?? throw new InvalidOperationException($"The login leads nowhere: {answer.Body}"));
            if (BeforeCallback is not null)
                await BeforeCallback(callback);
            Page = await GetAsync(callback);
        }
        catch
        {
            await stopping.CancelAsync();
            throw;
        }
    }

    /// <summary>By the network, as the tool listens there.</summary>
    public static async Task<string> GetAsync(Uri address)
    {
        using var http = new HttpClient { Timeout = Patience.Limit };
        using var response = await http.GetAsync(address);
        return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
    }

    public void Dispose()
    {
        Directory.Delete(folder, recursive: true);
        stopping.Dispose();
    }

    private sealed class Way(HttpMessageHandler server, CommandLine line) : DelegatingHandler(server)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            line.Between is { } between ? between(request, () => base.SendAsync(request, cancellationToken)) : base.SendAsync(request, cancellationToken);
    }
}

/// <summary>What came of a command.</summary>
internal sealed record Ran(int ExitCode, string Output, string Error)
{
    public Ran ShouldBe(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"Expected exit code {exitCode}, got {ExitCode}\n{Error}\n{Output}");
        return this;
    }

    /// <summary>It ended so, and one of its lines for the person has this text.</summary>
    public Ran ShouldFail(int exitCode, string sentence)
    {
        ShouldBe(exitCode);
        Assert.Contains(sentence, Error, StringComparison.Ordinal);
        return this;
    }
}
