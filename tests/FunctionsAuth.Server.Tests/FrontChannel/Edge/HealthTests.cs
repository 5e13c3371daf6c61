using System.Net;
using Azure;
using FunctionsAuth.LocalHost.Memory;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

public sealed class HealthTests : IAsyncLifetime
{
    private readonly TableScript script = new();
    private RunningServer server = null!;

    public async Task InitializeAsync() =>
        server = await RunningServer.StartAsync(new ServerSetup { Tables = clock => new ScriptedTables(new MemoryTableServiceClient(clock), script, "") });

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_server_that_can_work_is_live_and_ready()
    {
        Assert.Equal((HttpStatusCode.OK, """{"status":"live"}"""), await GetAsync("health"));
        var (status, body) = await GetAsync("health/ready");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("\"status\":\"ready\"", body);
        Assert.Contains("\"storage\":\"ok\"", body);
    }

    [Fact]
    public async Task Without_storage_it_is_live_but_not_ready_and_says_why()
    {
        script.Before = _ => throw new RequestFailedException(503, "The server is busy at 10.1.2.3.", "ServerBusy", null);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("health")).Status);
        var (status, body) = await GetAsync("health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("\"status\":\"not ready\"", body);
        Assert.Contains("the storage is not available", body);
        Assert.DoesNotContain("10.1.2.3", body);

        script.Before = null;
        server.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("health/ready")).Status);
    }

    [Fact]
    public async Task Without_storage_a_client_gets_its_user_back_with_the_code_for_it()
    {
        await server.Http.GetAsync("authorize?" + new AuthorizationParameters().Encoded); // the client is known now
        script.Before = _ => throw new RequestFailedException(503, "The server is busy.", "ServerBusy", null);
        var answer = await new Browser(server).GetAsync(new AuthorizationParameters().Url);
        Expect.Error(answer, "temporarily_unavailable");
    }

    [Fact]
    public async Task Without_storage_a_page_says_that_waiting_helps()
    {
        var browser = new Browser(server);
        var login = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        script.Before = _ => throw new RequestFailedException(503, "The server is busy.", "ServerBusy", null);
        var answer = await browser.LoginAsync(login);
        Expect.Page(answer, "busy", HttpStatusCode.ServiceUnavailable);
        Assert.True(answer.Response.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));

        script.Before = null;
        Expect.Code(await browser.LoginAsync(login));
    }

    private async Task<(HttpStatusCode Status, string Body)> GetAsync(string path)
    {
        var response = await server.Http.GetAsync(path);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
