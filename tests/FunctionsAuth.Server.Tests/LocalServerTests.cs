using System.Net;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Import;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FunctionsAuth.Server.Tests;

/// <summary>The start of LocalHost: it listens while it still imports.</summary>
public sealed class LocalServerTests
{
    [Fact]
    public async Task A_request_waits_for_the_import()
    {
        await using var app = LocalServer.Build(new LocalServerOptions(), builder => builder.WebHost.UseTestServer());
        var imported = new TaskCompletionSource();
        var start = LocalServer.StartAsync(app, () => imported.Task);
        await Patience.UntilAsync(() => app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.IsCancellationRequested);
        var answer = app.GetTestClient().GetAsync("/health");

        await Task.Delay(200);
        Assert.False(answer.IsCompleted || start.IsCompleted);
        imported.SetResult();

        await start;
        Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
        await app.StopAsync();
    }

    [Fact]
    public async Task An_import_that_fails_ends_the_server()
    {
        await using var app = LocalServer.Build(new LocalServerOptions(), builder => builder.WebHost.UseTestServer());

        await Assert.ThrowsAsync<ImportException>(() => LocalServer.StartAsync(app, () => LocalServer.ImportAsync(app.Services, "[]")));

        Assert.True(app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped.IsCancellationRequested);
    }
}
