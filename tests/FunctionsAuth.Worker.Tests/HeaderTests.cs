using FunctionsAuth.Worker.Tests.Harness;

namespace FunctionsAuth.Worker.Tests;

[Collection(SharedWorkerTests.Name)]
public sealed class HeaderTests(SharedWorker shared)
{
    [WorkerFact]
    public async Task A_client_that_sends_the_header_by_which_host_and_worker_match_requests_is_answered_like_any_other()
    {
        var worker = await shared.GetAsync();
        foreach (var values in (string[][])[["something"], [Guid.NewGuid().ToString()], ["a", "b"]])
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "health") { Headers = { { "x-ms-invocation-id", values } } };
            Assert.True((await worker.Http.SendAsync(request)).IsSuccessStatusCode);
        }
    }

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
