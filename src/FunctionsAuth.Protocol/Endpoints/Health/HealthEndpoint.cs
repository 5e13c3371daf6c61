using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Health;

/// <summary>The process answers. <see cref="ReadyEndpoint"/> shows whether it can do its work.</summary>
public sealed class HealthEndpoint : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(HealthEndpoint));

    public override EndpointRules Rules { get; } = new(EndpointReader.Program, CorsPolicy.None, HttpMethods.Get);

    public override Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation) =>
        Task.FromResult(JsonAnswer.Of(new JsonObject { ["status"] = "live" }));
}

/// <summary>
/// Checks that storage answers, that the public keys are known, and that for each algorithm some vault can be read and made the last requested
/// signature. Otherwise it returns 503 and names the part that failed.
/// </summary>
public sealed class ReadyEndpoint(SigningKeys keys, KeySigner signer, IScopeStore storage, TimeProvider clock) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(ReadyEndpoint));

    private const string Ok = "ok";
    private static readonly TimeSpan AgeOfCheck = TimeSpan.FromSeconds(5);

    private const string Partly = "ok, but not every key vault is available";

    // Anybody can call this as often as they like. The state of the keys is already in memory.
    private readonly BoundedCache<string, string> checkedStorage = new(1, AgeOfCheck, clock);

    public override EndpointRules Rules { get; } = new(EndpointReader.Program, CorsPolicy.None, HttpMethods.Get);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        List<(string Name, Task<string> Check)> checks =
        [
            ("storage", checkedStorage.GetAsync("storage", _ => CheckAsync(CheckStorageAsync), cancellation).AsTask()),
            ("public keys", CheckAsync(() => CheckPublicKeysAsync(cancellation))),
            .. from algorithm in SigningAlgorithms.All
               select ($"signing {algorithm}", CheckAsync(() => CheckSigningAsync(algorithm, cancellation))),
        ];
        var results = new JsonObject();
        foreach (var (name, check) in checks)
            results[name] = await check;
        var ready = results.All(check => (string?)check.Value is Ok or Partly);
        return JsonAnswer.Of(
            new JsonObject { ["status"] = ready ? "ready" : "not ready", ["checks"] = results },
            ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private async Task<string> CheckStorageAsync()
    {
        await storage.LoadAsync(CancellationToken.None);
        return Ok;
    }

    private async Task<string> CheckPublicKeysAsync(CancellationToken cancellation)
    {
        await keys.PublishedAsync(cancellation);
        return Ok;
    }

    private async Task<string> CheckSigningAsync(string algorithm, CancellationToken cancellation)
    {
        var vaults = await signer.HealthAsync(SigningKeyTypes.Of(algorithm), cancellation);
        if (vaults.Count == 0)
            return "no key is enabled";
        if (vaults.All(vault => vault.Fails))
            return "the key vault is not available";
        return vaults.Any(vault => vault.Fails) ? Partly : Ok;
    }

    private static async Task<string> CheckAsync(Func<Task<string>> check)
    {
        try
        {
            return await check();
        }
        catch (TemporarilyUnavailableException e)
        {
            return $"the {e.Service} is not available";
        }
    }
}
