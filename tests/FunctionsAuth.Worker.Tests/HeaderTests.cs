using FunctionsAuth.Worker.Tests.Harness;

namespace FunctionsAuth.Worker.Tests;

[Collection(SharedWorkerTests.Name)]
public sealed class HeaderTests(SharedWorker shared)
{
    [WorkerFact]
    public async Task Headers_that_name_another_host_change_nothing()
    {
        var worker = await shared.GetAsync();
        var honest = await Answer.TextOfAsync(await worker.Http.GetAsync(".well-known/openid-configuration"));
        var request = new HttpRequestMessage(HttpMethod.Get, ".well-known/openid-configuration")
        {
            Headers = { { "X-Forwarded-Host", "attacker.example" }, { "X-Forwarded-Proto", "https" }, { "Forwarded", "host=attacker.example;proto=https" } },
        };
        request.Headers.Host = "attacker.example";
        Assert.Equal(honest, await Answer.TextOfAsync(await worker.Http.SendAsync(request)));
    }
}
