using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Manage.Records;
using FunctionsAuth.Protocol.Manage.People;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Manage.Clients;

/// <summary>A client in a list.</summary>
/// <param name="SelfRegistered">The client registered itself.</param>
/// <param name="LastUsedAt">For a client that registered itself: the last use. It is less exact than the time after which unused clients are deleted.</param>
public sealed record ClientEntry(string ClientId, string? ClientName, bool Disabled, IReadOnlyList<string> GrantTypes, string TokenEndpointAuthMethod, bool SelfRegistered, DateTimeOffset? LastUsedAt)
{
    public static ClientEntry Of(Client client) =>
        new(client.ClientId, client.ClientName, client.Disabled, client.GrantTypes, client.TokenEndpointAuthMethod, client.Registration is not null, client.Registration?.LastUsedAt);
}

/// <summary>The use of a client.</summary>
/// <param name="People">The number of users who gave it access, at most 1,000.</param>
/// <param name="HasMore">There are more than these.</param>
/// <param name="LastUsedAt">Of a client that registered itself.</param>
public sealed record ClientUsage(int People, bool HasMore, DateTimeOffset? LastUsedAt);

/// <summary>Clients. Their metadata has the members of an import file, and their secrets are a separate list.</summary>
public sealed class ClientsResource(ManagedClients managed, IClientStore store, IClientUsers users, IConsentStore consents) : ManageResource
{
    private const string One = "clients/{client}";

    public override string Tag => "clients";

    public override IReadOnlyList<Operation> Operations =>
    [
        new("list_clients", HttpMethods.Get, "clients", ManageScopes.ClientsRead, "Lists clients in the order of their ids, or finds those whose id has a given beginning.", ListAsync)
        {
            Result = typeof(ApiList<ClientEntry>), Query = [new("prefix", "The beginning of the client_id."), .. QueryParameter.OfList], Cost = 1,
        },
        new("get_client", HttpMethods.Get, One, ManageScopes.ClientsRead, "Shows a client without its secrets.", GetAsync) { Result = typeof(Client), Cost = 1 },
        new("put_client", HttpMethods.Put, One, ManageScopes.ClientsWrite, "Creates a client, or replaces the metadata of one. A new client that needs a secret gets one. The secret is only in this answer.", PutAsync)
        {
            Body = typeof(Client), Result = typeof(Client), Precondition = Precondition.MatchOrNew, Cost = 7,
        },
        new("patch_client", HttpMethods.Patch, One, ManageScopes.ClientsWrite, "Changes some members of a client by a JSON Merge Patch (RFC 7396).", PatchAsync)
        {
            Body = typeof(Client), Result = typeof(Client), Precondition = Precondition.Match, Cost = 7,
        },
        new("delete_client", HttpMethods.Delete, One, ManageScopes.ClientsWrite, "Deletes a client. Its codes and tokens stop working, as long as no other client gets its id.", DeleteAsync)
        {
            Status = StatusCodes.Status204NoContent, Precondition = Precondition.Match, Cost = 4,
        },
        new("get_client_usage", HttpMethods.Get, One + "/usage", ManageScopes.ClientsRead, "Shows how many users gave a client access, and when it was last used.", UsageAsync) { Result = typeof(ClientUsage), Cost = 2 },
        new("list_client_consents", HttpMethods.Get, One + "/consents", ManageScopes.UsersRead, "Lists the consents that users gave to a client.", ConsentsAsync)
        {
            Result = typeof(ApiList<ConsentView>), Query = QueryParameter.OfList, Cost = 3,
        },
    ];

    private async Task<ApiAnswer> ListAsync(ApiCall call, CancellationToken cancellation)
    {
        var prefix = call.Query.GetValueOrDefault("prefix", "");
        if (prefix.Length > 0 && !ClientIdRules.IsName(prefix))
            return ApiAnswer.Of(new ApiList<ClientEntry>([], null));
        var page = await store.ListAsync(prefix, call.List(), cancellation);
        return ApiAnswer.Of(new ApiList<ClientEntry>([.. page.Items.Select(ClientEntry.Of)], page.Next));
    }

    private async Task<ApiAnswer> GetAsync(ApiCall call, CancellationToken cancellation) => Show(await managed.FindAsync(call, cancellation));

    private async Task<ApiAnswer> PutAsync(ApiCall call, CancellationToken cancellation)
    {
        var stored = await managed.LookAsync(call, cancellation);
        if (stored is null)
            call.RequireNew();
        else
            call.RequireMatch(stored.Version);
        return await SaveAsync(call, stored, JsonObject.Create(call.Json())!, cancellation);
    }

    private async Task<ApiAnswer> PatchAsync(ApiCall call, CancellationToken cancellation)
    {
        var stored = await managed.FindAsync(call, cancellation);
        call.RequireMatch(stored.Version);
        return await SaveAsync(call, stored, MergePatch.Apply(RecordWriter.Write(stored, withSecrets: false), JsonObject.Create(call.Json()))!.AsObject(), cancellation);
    }

    private async Task<ApiAnswer> SaveAsync(ApiCall call, Client? stored, JsonObject body, CancellationToken cancellation)
    {
        var (wanted, secret) = await managed.ReadAsync(call.NameOf("client"), stored, body, cancellation);
        ManagedClients.Demand(call.Caller, stored, wanted);
        var saved = await managed.SaveAsync(stored, wanted, cancellation);
        var view = RecordWriter.Write(saved, withSecrets: false);
        if (secret is not null)
            view["client_secret"] = secret;
        return stored is null ? ApiAnswer.Created(view, $"clients/{ResourceKey.Of(saved.ClientId)}", saved.Version) : ApiAnswer.Of(view, saved.Version);
    }

    private async Task<ApiAnswer> DeleteAsync(ApiCall call, CancellationToken cancellation)
    {
        var stored = await managed.FindAsync(call, cancellation);
        call.RequireMatch(stored.Version);
        ManagedClients.Demand(call.Caller, stored);
        await managed.DeleteAsync(stored, cancellation);
        return ApiAnswer.Nothing;
    }

    private async Task<ApiAnswer> UsageAsync(ApiCall call, CancellationToken cancellation)
    {
        var client = await managed.FindAsync(call, cancellation);
        var page = await users.ListAsync(client.ClientId, ListRequest.First, cancellation);
        return ApiAnswer.Of(new ClientUsage(page.Items.Count, page.Next is not null, client.Registration?.LastUsedAt));
    }

    private async Task<ApiAnswer> ConsentsAsync(ApiCall call, CancellationToken cancellation)
    {
        var client = await managed.FindAsync(call, cancellation);
        var page = await users.ListAsync(client.ClientId, call.List(), cancellation);
        var found = await Task.WhenAll(page.Items.Select(subject => consents.FindAsync(subject, client.ClientId, cancellation)));
        foreach (var (subject, consent) in page.Items.Zip(found))
        {
            if (consent is null)
                await users.ForgetAsync(client.ClientId, subject, cancellation);
        }
        return ApiAnswer.Of(new ApiList<ConsentView>([.. found.OfType<Consent>().Where(consent => !consent.IsRevoked).Select(ConsentView.Of)], page.Next));
    }

    private static ApiAnswer Show(Client client) => ApiAnswer.Of(RecordWriter.Write(client, withSecrets: false), client.Version);
}
