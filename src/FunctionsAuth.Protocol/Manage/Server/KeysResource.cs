using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Scopes;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Manage.Server;

/// <summary>A version of a signing key.</summary>
/// <param name="Store">The place of the key: a key vault, or the table of wrapped keys.</param>
/// <param name="State">What it does now.</param>
/// <param name="Since">When that began, as far as its dates tell.</param>
/// <param name="NextState">What it will do next if nobody makes or disables a version; null when time alone does not change it.</param>
public sealed record KeyView(string Kid, string Type, IReadOnlyList<string> Algorithms, string Store, KeyUse State, DateTimeOffset Since, KeyUse? NextState, DateTimeOffset? NextAt, DateTimeOffset CreatedAt);

/// <param name="Type"><c>rsa</c> or <c>ec</c>; null for both.</param>
public sealed record RotationInput(string? Type = null);

/// <param name="Force">True: disable the version even if nothing can be signed with the key until a new version exists.</param>
public sealed record DisablingInput(bool? Force = null);

/// <summary>The signing keys: the state of each version, the creation of a new version, and the disabling of a compromised one.</summary>
public sealed class KeysResource(IReadOnlyList<IKeyStore> stores, SigningKeys keys, SecurityEvents events, ServerOptions options, TimeProvider clock) : ManageResource
{
    private readonly KeyRingRules rules = KeyRingRules.From(options);

    public override string Tag => "keys";

    public override IReadOnlyList<Operation> Operations =>
    [
        new("list_keys", HttpMethods.Get, "keys", ManageScopes.KeysRead, "Lists the versions of the signing keys, with the state of each, since when, and its next change.", ListAsync) { Result = typeof(ApiList<KeyView>), Cost = 2 },
        new("rotate_keys", HttpMethods.Post, "keys/rotate", ManageScopes.KeysWrite, "Creates a new version of one key or of both. The version starts to sign after it has been announced for long enough.", RotateAsync)
        {
            Body = typeof(RotationInput), IsBodyOptional = true, Result = typeof(ApiList<KeyView>), TakesIdempotencyKey = true, Cost = 10,
        },
        new("disable_key", HttpMethods.Post, "keys/{kid}/disable", ManageScopes.KeysWrite, "Disables a version: it no longer signs, and its signatures become invalid when clients read the key set again.", DisableAsync)
        {
            Body = typeof(DisablingInput), IsBodyOptional = true, Result = typeof(ApiList<KeyView>), TakesIdempotencyKey = true, Cost = 10,
        },
    ];

    private async Task<ApiAnswer> ListAsync(ApiCall call, CancellationToken cancellation)
    {
        List<KeyView> views = [];
        foreach (var type in Enum.GetValues<SigningKeyType>())
            views.AddRange((await TimelineAsync(type, cancellation)).Lines.Select(View));
        return ApiAnswer.Of(new ApiList<KeyView>(views, null));
    }

    private async Task<ApiAnswer> RotateAsync(ApiCall call, CancellationToken cancellation)
    {
        SigningKeyType[] types = call.Read<RotationInput>().Type switch
        {
            null => Enum.GetValues<SigningKeyType>(),
            "rsa" => [SigningKeyType.Rsa],
            "ec" => [SigningKeyType.Ec],
            _ => throw ApiProblem.Invalid("The keys cannot be rotated", new ApiFault("type", "must be rsa or ec")),
        };
        foreach (var type in types)
        {
            // Not in a reserve, because a version that is created there would not sign.
            foreach (var store in stores.Where(store => !store.IsReserve))
            {
                await store.CreateAsync(type, (await store.ListAsync(type, cancellation)).MaxBy(version => version.CreatedAt), cancellation);
                await keys.ReadVersionsAsync(store, type, cancellation);
                await events.KeyCreatedAsync(type.ToString(), store.Name, AuditActor.Operator);
            }
        }
        return await ListAsync(call, cancellation);
    }

    private async Task<ApiAnswer> DisableAsync(ApiCall call, CancellationToken cancellation)
    {
        var force = call.Read<DisablingInput>().Force ?? false;
        foreach (var type in Enum.GetValues<SigningKeyType>())
        {
            var timeline = await TimelineAsync(type, cancellation);
            if (timeline.Versions.FirstOrDefault(version => version.PublicKey.Kid == call.Route["kid"]) is not { } version)
                continue;
            if (!force && timeline.Signing.Any() && !timeline.Without(version).Signing.Any())
                throw ApiProblem.Conflict("last_key", "This is the only usable version of the key, and the server could sign nothing with this key until a new version exists. Rotate the key first, or send force");
            var store = stores.First(store => store.Name == version.Store);
            await store.DisableAsync(version, cancellation);
            await keys.ReadVersionsAsync(store, type, cancellation);
            await events.KeyDisabledAsync(type.ToString(), version.PublicKey.Kid, store.Name, AuditActor.Operator);
            return await ListAsync(call, cancellation);
        }
        throw ApiProblem.NotFound("key");
    }

    private async Task<KeyTimeline> TimelineAsync(SigningKeyType type, CancellationToken cancellation)
    {
        List<KeyVersion> versions = [];
        foreach (var store in stores)
            versions.AddRange(await store.ListAsync(type, cancellation));
        return new KeyTimeline(type, versions, rules, clock.GetUtcNow());
    }

    private static KeyView View(KeyLine line) => new(
        line.Version.PublicKey.Kid,
        line.Version.PublicKey.Type == SigningKeyType.Ec ? "ec" : "rsa",
        [.. SigningAlgorithms.All.Where(algorithm => SigningKeyTypes.Of(algorithm) == line.Version.PublicKey.Type)],
        line.Version.Store,
        line.Use,
        line.Since,
        line.Next?.Use,
        line.Next?.At,
        line.Version.CreatedAt);
}
