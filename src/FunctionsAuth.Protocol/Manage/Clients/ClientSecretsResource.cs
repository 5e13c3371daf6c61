using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Scopes;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Manage.Clients;

/// <summary>A secret of a client, without its value.</summary>
/// <param name="Id">The id of the secret in paths.</param>
/// <param name="ExpiresAt">Null: never.</param>
public sealed record SecretView(string Id, DateTimeOffset? ExpiresAt);

/// <summary>A new secret of a client. It is only in this answer.</summary>
public sealed record NewSecretView(string Id, DateTimeOffset? ExpiresAt, string ClientSecret);

/// <param name="ExpiresAt">The time at which the secret expires; null: never.</param>
public sealed record SecretInput(DateTimeOffset? ExpiresAt = null);

/// <summary>The secrets of a client. A client can have several, so that one can be replaced without an interruption.</summary>
public sealed class ClientSecretsResource(ManagedClients managed, FeatureSet features, TimeProvider clock) : ManageResource
{
    private const int IdLength = 12;
    private const string Path = "clients/{client}/secrets";

    public override string Tag => "clients";

    public override IReadOnlyList<Operation> Operations =>
    [
        new("list_client_secrets", HttpMethods.Get, Path, ManageScopes.ClientsRead, "Lists the secrets of a client, without the secrets themselves.", ListAsync) { Result = typeof(ApiList<SecretView>), Cost = 1 },
        new("add_client_secret", HttpMethods.Post, Path, ManageScopes.ClientsWrite, "Creates one more secret for a client. The secret is only in this answer.", AddAsync)
        {
            Body = typeof(SecretInput), IsBodyOptional = true, Result = typeof(NewSecretView), Status = StatusCodes.Status201Created, TakesIdempotencyKey = true, Cost = 4,
        },
        new("expire_client_secret", HttpMethods.Post, Path + "/{secret}/expire", ManageScopes.ClientsWrite, "Ends a secret of a client, at once or at a given time.", ExpireAsync)
        {
            Body = typeof(SecretInput), IsBodyOptional = true, Result = typeof(ApiList<SecretView>), TakesIdempotencyKey = true, Cost = 4,
        },
    ];

    private async Task<ApiAnswer> ListAsync(ApiCall call, CancellationToken cancellation) => Show(await managed.FindAsync(call, cancellation));

    private async Task<ApiAnswer> AddAsync(ApiCall call, CancellationToken cancellation)
    {
        var input = call.Read<SecretInput>();
        if (input.ExpiresAt <= clock.GetUtcNow())
            throw ApiProblem.Invalid("The secret cannot be created", new ApiFault("expires_at", "must be in the future"));
        var client = await managed.FindAsync(call, cancellation);
        ManagedClients.Demand(call.Caller, client);
        if (features.KeptSecretOf(client.TokenEndpointAuthMethod) == KeptSecret.None)
            throw ApiProblem.Conflict("no_secrets", $"The client authenticates with {client.TokenEndpointAuthMethod}, so it has no secrets");
        var left = client.ClientSecrets.Where(secret => !(secret.ExpiresAt <= clock.GetUtcNow())).ToList();
        if (left.Count >= ManagedClients.MostSecrets)
            throw ApiProblem.Conflict("too_many_secrets", $"A client can have at most {ManagedClients.MostSecrets} secrets: delete one first");
        var text = ManagedClients.NewSecret();
        var stored = managed.Stored(text, input.ExpiresAt?.ToUniversalTime(), client.TokenEndpointAuthMethod);
        await managed.SaveAsync(client, client with { ClientSecrets = [.. left, stored] }, cancellation);
        return ApiAnswer.Created(new NewSecretView(IdOf(stored), stored.ExpiresAt, text), $"clients/{ResourceKey.Of(client.ClientId)}/secrets");
    }

    private async Task<ApiAnswer> ExpireAsync(ApiCall call, CancellationToken cancellation)
    {
        var at = call.Read<SecretInput>().ExpiresAt?.ToUniversalTime();
        var client = await managed.FindAsync(call, cancellation);
        ManagedClients.Demand(call.Caller, client);
        var ending = client.ClientSecrets.FirstOrDefault(secret => IdOf(secret) == call.Route["secret"]) ?? throw ApiProblem.NotFound("secret");
        IReadOnlyList<ClientSecret> left = at is null
            ? [.. client.ClientSecrets.Where(secret => secret != ending)]
            : [.. client.ClientSecrets.Select(secret => secret == ending ? secret with { ExpiresAt = at } : secret)];
        if (left.Count == 0)
            throw ApiProblem.Conflict("last_secret", "This is the only secret of the client: create another one first, or disable the client");
        return Show(await managed.SaveAsync(client, client with { ClientSecrets = left }, cancellation));
    }

    private static ApiAnswer Show(Client client) => ApiAnswer.Of(new ApiList<SecretView>([.. client.ClientSecrets.Select(secret => new SecretView(IdOf(secret), secret.ExpiresAt))], null));

    /// <summary>The beginning of the hash. The secret cannot be derived from it.</summary>
    private static string IdOf(ClientSecret secret) => secret.Sha256[..Math.Min(IdLength, secret.Sha256.Length)];
}
