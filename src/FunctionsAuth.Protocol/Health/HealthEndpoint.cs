using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Protocol.Scopes;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Health;

/// <summary>The process answers. Whether it can do its work, <see cref="ReadyEndpoint"/> tells.</summary>
public sealed class HealthEndpoint : ServerEndpoint
{
    public override EndpointRules Rules { get; } = new(EndpointAudience.Client, CorsPolicy.None, HttpMethods.Get);

    public override Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation) =>
        Task.FromResult(JsonAnswer.Of(new JsonObject { ["status"] = "live" }));
}

/// <summary>Storage answers, and each algorithm has a key that signs: else 503, and which of them it is.</summary>
public sealed class ReadyEndpoint(SigningKeys keys, IScopeStore storage) : ServerEndpoint
{
    public override EndpointRules Rules { get; } = new(EndpointAudience.Client, CorsPolicy.None, HttpMethods.Get);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        var checks = new JsonObject { ["storage"] = await CheckAsync(() => storage.LoadAsync(cancellation)) };
        foreach (var algorithm in SigningAlgorithms.All)
            checks[$"signing {algorithm}"] = await CheckAsync(async () => await keys.SigningAsync(algorithm, cancellation));
        var ready = checks.All(check => (string?)check.Value == "ok");
        return JsonAnswer.Of(
            new JsonObject { ["status"] = ready ? "ready" : "not ready", ["checks"] = checks },
            ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<string> CheckAsync(Func<Task> check)
    {
        try
        {
            await check();
            return "ok";
        }
        catch (TemporarilyUnavailableException e)
        {
            return $"the {e.Service} is not available";
        }
    }
}
