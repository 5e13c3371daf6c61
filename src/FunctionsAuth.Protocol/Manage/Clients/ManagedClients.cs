using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Manage.Records;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Manage.Clients;

/// <summary>
/// Reads and writes clients for the API. Only administrators can change a client with scopes of this API, because changing it could give the caller
/// these rights.
/// </summary>
public sealed class ManagedClients(IClientStore store, IUserStore users, ClientRegistry registry, RecordReader reader, FeatureSet features, SecurityEvents events)
{
    private const int SecretLength = 32;

    public const int MostSecrets = 5;

    /// <exception cref="ApiProblem">Status 404: there is no such client.</exception>
    public async Task<Client> FindAsync(ApiCall call, CancellationToken cancellation) => await LookAsync(call, cancellation) ?? throw ApiProblem.NotFound("client");

    public async Task<Client?> LookAsync(ApiCall call, CancellationToken cancellation) =>
        ResourceKey.NameOf(call.Route["client"]) is { } id && ClientIdRules.IsName(id) ? await store.FindAsync(id, cancellation) : null;

    /// <exception cref="ApiProblem">Status 403: the client manages the server, and the caller is not an administrator.</exception>
    public static void Demand(Caller caller, params IEnumerable<Client?> affected)
    {
        if (affected.OfType<Client>().Any(ManageRoles.IsOfManagers))
            caller.Demand(ManageScopes.Administrators, "Only administrators change clients that have scopes of the management API");
    }

    /// <summary>
    /// The client that a body describes. The secrets of an existing client are kept, unless the body has others. A new client that needs a secret
    /// gets one.
    /// </summary>
    /// <returns>The client and the created secret.</returns>
    /// <exception cref="ApiProblem">Status 400, with all problems.</exception>
    public async Task<(Client Client, string? Secret)> ReadAsync(string clientId, Client? stored, JsonObject body, CancellationToken cancellation)
    {
        string? made = null;
        if (!body.ContainsKey("client_secret") && !body.ContainsKey("client_secrets"))
        {
            var method = (body["token_endpoint_auth_method"] as JsonValue)?.ToString() ?? AuthMethods.ClientSecretBasic;
            if (features.KeptSecretOf(method) == KeptSecret.None)
                stored = stored is null ? null : stored with { ClientSecrets = [] };
            else if (stored is { ClientSecrets.Count: > 0 })
                body["client_secrets"] = RecordWriter.Secrets(stored.ClientSecrets);
            else
                body["client_secret"] = made = NewSecret();
        }
        var file = await reader.ReadAsync("clients", "client_id", clientId, body, cancellation, stored);
        return (file.Clients[0] with { Registration = stored?.Registration, Version = stored?.Version ?? "" }, made);
    }

    /// <summary>Writes a client if it has not changed since it was read.</summary>
    /// <exception cref="ApiProblem">Status 412: another change was first.</exception>
    public async Task<Client> SaveAsync(Client? stored, Client wanted, CancellationToken cancellation)
    {
        // The subject of a user and the id of a client that acts for itself are in the same claim of access tokens.
        if (stored is null && await users.FindAsync(wanted.ClientId, cancellation) is not null)
            throw ApiProblem.Conflict("client_id_taken", "The client_id is already used as the subject of a user");
        var write = await store.TrySaveAsync(wanted, cancellation);
        if (!write.Won)
            throw stored is null ? ApiProblem.Exists() : ApiProblem.Stale();
        if (wanted.IsInPortal || stored?.IsInPortal == true)
            await store.SetInPortalAsync(wanted.ClientId, wanted.IsInPortal, cancellation);
        registry.Forget(wanted.ClientId);
        await events.ClientChangedAsync(wanted.ClientId, AuditActor.Operator, RecordChange.Of("client", wanted.ClientId, stored, wanted));
        return write.Current!;
    }

    /// <inheritdoc cref="SaveAsync"/>
    public async Task DeleteAsync(Client stored, CancellationToken cancellation)
    {
        if (!(await store.TryDeleteAsync(stored, cancellation)).Won)
            throw ApiProblem.Stale();
        if (stored.IsInPortal)
            await store.SetInPortalAsync(stored.ClientId, isInPortal: false, cancellation);
        registry.Forget(stored.ClientId);
        await events.ClientDeletedAsync(stored.ClientId, AuditActor.Operator);
    }

    /// <summary>A secret of 256 bits.</summary>
    public static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretLength));

    /// <summary>The same as it is stored.</summary>
    public ClientSecret Stored(string secret, DateTimeOffset? expiresAt, string method) => new(
        Base64Url.EncodeToString(SecretHash.Of(Encoding.UTF8.GetBytes(secret))), expiresAt, features.KeptSecretOf(method) == KeptSecret.Text ? secret : null);
}
