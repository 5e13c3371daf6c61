using FunctionsAuth.LocalHost.Hosting;

namespace FunctionsAuth.Storage.Tests.Commands;

/// <summary>LocalHost's command line in this process, as whoever types it sees it.</summary>
public sealed record LocalHostCommand(int Status, string Output, string Error)
{
    // Standard output and error are the whole process's.
    private static readonly SemaphoreSlim OneAtATime = new(1);

    public static async Task<LocalHostCommand> RunAsync(params IEnumerable<string> arguments)
    {
        await OneAtATime.WaitAsync();
        var (formerOutput, formerError) = (Console.Out, Console.Error);
        using var output = new StringWriter();
        using var error = new StringWriter();
        try
        {
            Console.SetOut(output);
            Console.SetError(error);
            var main = typeof(LocalServer).Assembly.EntryPoint!;
            var status = await Task.Run(() => (int)main.Invoke(null, [arguments.ToArray()])!);
            return new LocalHostCommand(status, output.ToString(), error.ToString());
        }
        finally
        {
            Console.SetOut(formerOutput);
            Console.SetError(formerError);
            OneAtATime.Release();
        }
    }

    public IReadOnlyList<string> Lines => Output.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>It did what it should, and complains of nothing.</summary>
    public LocalHostCommand ShouldSucceed()
    {
        Assert.Equal((0, ""), (Status, Error));
        return this;
    }

    /// <summary>Status 2, and one sentence on standard error: no stack trace, nothing on standard output.</summary>
    public void ShouldBeTold(string sentence)
    {
        Assert.Equal((2, ""), (Status, Output));
        Assert.StartsWith(sentence, Assert.Single(Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }
}
