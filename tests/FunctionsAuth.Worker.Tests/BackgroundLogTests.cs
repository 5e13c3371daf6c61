using FunctionsAuth.Worker.Tests.Harness;

namespace FunctionsAuth.Worker.Tests;

/// <summary>The host drops what is logged while no invocation is executing, but logs what the worker writes to stderr.</summary>
public sealed class BackgroundLogTests
{
    private const string NotRead = "signing keys in localhost could not be read";

    [WorkerFact]
    public async Task A_vault_that_can_not_be_read_at_the_start_is_told_on_stderr_in_one_line()
    {
        await using var worker = await Workers.StartAsync(Workers.Options() with { KeyFolder = null, Vaults = [new Uri("https://localhost:1/")] });

        foreach (var type in (string[])["Rsa", "Ec"])
        {
            var line = await worker.Host.Errors.FirstAsync(line => line.Contains($"The {type} {NotRead}", StringComparison.Ordinal));
            Assert.StartsWith("fail: FunctionsAuth.Protocol.Keys.SigningKeys[2001]", line, StringComparison.Ordinal);
            Assert.Contains("Exception", line, StringComparison.Ordinal);
        }
    }

    [WorkerFact]
    public async Task A_line_that_an_invocation_logs_goes_to_the_host_alone()
    {
        await using var worker = await Workers.StartAsync(Workers.Options() with { KeyFolder = null, Vaults = [new Uri("https://localhost:1/")] });

        Assert.Equal(503, (int)(await worker.Http.SendAsync(Samples.ClientCredentials())).StatusCode);
        await worker.Host.Invocations.FirstAsync(invocation => invocation.Function == "token"); // the answer may be here before the log is

        Assert.Contains(worker.Host.Logs.All, IsUnavailable);
        Assert.DoesNotContain(worker.Host.Errors.All, line => line.Contains("could not be answered", StringComparison.Ordinal));

        static bool IsUnavailable(WorkerHost.Worker.LogLine line) => line.Message.Contains("could not be answered", StringComparison.Ordinal);
    }
}
