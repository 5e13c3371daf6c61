using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Manage.Clients;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Manage.Records;

/// <summary>Deletes what a configuration does not name any more: what names others before what is named.</summary>
public sealed class ConfigurationPruner(IScopeStore scopes, IGroupStore groups, IGroupMembers members, IClientStore clients, ManagedClients managed, ServerOptions options)
{
    /// <exception cref="ApiProblem">Status 409: a group can't be deleted.</exception>
    public async Task CheckAsync(ConfigurationPlan plan, CancellationToken cancellation)
    {
        foreach (var name in Deleted(plan, "groups"))
        {
            if (options.Manage.Groups.Contains(name) || (await members.ListAsync(name, new ListRequest(1, null), cancellation)).Items.Count > 0)
                throw ApiProblem.Conflict("in_use", $"The group {name} can't be deleted: there are people in it, or the settings name it");
        }
    }

    public async Task DeleteAsync(ConfigurationPlan plan, CancellationToken cancellation)
    {
        foreach (var id in Deleted(plan, "clients"))
        {
            if (await clients.FindAsync(id, cancellation) is { } client)
                await managed.DeleteAsync(client, cancellation);
        }
        var catalog = await scopes.LoadAsync(cancellation);
        foreach (var type in Deleted(plan, "authorization_details_types").Select(catalog.FindDetailsType).OfType<Details.AuthorizationDetailsType>())
            await scopes.TryDeleteAsync(type, cancellation);
        foreach (var resource in Deleted(plan, "resources").Select(catalog.FindResource).OfType<Resource>())
            await scopes.TryDeleteAsync(resource, cancellation);
        foreach (var scope in Deleted(plan, "scopes").Select(catalog.FindScope).OfType<Scope>())
            await scopes.TryDeleteAsync(scope, cancellation);
        foreach (var name in Deleted(plan, "groups"))
        {
            if (await groups.FindAsync(name, cancellation) is { } group)
                await groups.TryDeleteAsync(group, cancellation);
        }
    }

    private static IEnumerable<string> Deleted(ConfigurationPlan plan, string section) => plan.Changes.Where(change => change.Section == section && change.Action == "delete").Select(change => change.Name);
}
