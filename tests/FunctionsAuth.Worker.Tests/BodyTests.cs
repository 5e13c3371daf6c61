using System.Net;
using System.Net.Sockets;
using System.Text;
using FunctionsAuth.Worker.Tests.Harness;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Worker.Tests;

/// <summary>What clients do wrong is no error of the server, so that nobody is woken for it.</summary>
public sealed class BodyTests(SharedWorker own) : IClassFixture<SharedWorker>
{
    [WorkerTheory]
    [InlineData(1_000_000)]
    [InlineData(29_000_000)]
    [InlineData(40_000_000)]
    public async Task A_body_that_is_too_large_is_refused_with_413_whatever_its_size(int length)
    {
        var worker = await own.GetAsync();
        var (before, known) = (Complaints(worker), worker.Host.Invocations.All);
        using var answer = await worker.Http.PostAsync("token", new ByteArrayContent(new byte[length]));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Contains("The request is too large", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await worker.Host.Invocations.FirstAsync(invocation => !known.Contains(invocation)); // the answer may be here before the log is
        Assert.Equal(before, Complaints(worker));
    }

    [WorkerFact]
    public async Task A_client_that_goes_away_in_the_middle_of_its_body_is_no_error()
    {
        var worker = await own.GetAsync();
        var before = Complaints(worker);
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, worker.Options.Url.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                "POST /par HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nclient_id="));
            // The function most likely waits for the rest of the body when the worker has answered something else.
            await worker.Http.GetAsync("health");
        }

        await worker.Host.Invocations.FirstAsync(invocation => invocation.Function == "par");
        Assert.Equal(before, Complaints(worker));
    }

    /// <summary>Warnings and errors of the server. What the host makes of such requests it logs itself.</summary>
    private static string Complaints(RunningWorker worker) => string.Join(
        '\n',
        [
            .. worker.Host.Logs.All.Where(line => line.Level >= LogLevel.Warning && line.Category.StartsWith("FunctionsAuth", StringComparison.Ordinal)).Select(line => line.ToString()),
            .. worker.Host.Errors.All.Where(line => !line.StartsWith("info:", StringComparison.Ordinal)),
        ]);
}
