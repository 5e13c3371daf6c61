using FunctionsAuth.LocalHost.Memory;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Storage;

public sealed class OutageLogTests
{
    [Fact]
    public async Task An_outage_that_the_client_is_told_of_by_a_redirect_is_logged_as_any_other()
    {
        var script = new TableScript();
        await using var server = await RunningServer.StartAsync(new ServerSetup
        {
            Tables = clock => new ScriptedTables(new MemoryTableServiceClient(clock), script, ""),
        });
        var browser = new Browser(server);
        await browser.AuthorizeAsync(new AuthorizationParameters());

        script.Before = operation =>
        {
            if (operation is { Table: "Grants", Kind: "insert" })
                throw new Fault(FaultKind.Status503, Applied: false, At: 0).Exception();
        };
        var answer = await browser.GetAsync(new AuthorizationParameters().Url);

        Assert.Equal("temporarily_unavailable", answer.Parameters["error"]);
        Assert.Contains(server.Log.Lines, line => line.Contains(" 1002: ", StringComparison.Ordinal) && line.Contains("The server is busy.", StringComparison.Ordinal));
    }
}
