using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Import;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Manage.Plans;

/// <summary>Remaining records must not refer to records that a plan deletes. The records of the file itself were already checked without them.</summary>
public sealed class ConfigurationReferences(IGroupMembers members, ServerOptions options)
{
    /// <exception cref="ApiProblem">Status 409, with the first reference.</exception>
    public async Task CheckAsync(ConfigurationPlan plan, ImportFile file, ConfigurationState state, CancellationToken cancellation)
    {
        var deleted = plan.Changes.Where(change => change.Action == "delete").ToLookup(change => change.Section, change => change.Name);
        foreach (var name in deleted["groups"])
        {
            if (options.Manage.Groups.Contains(name) || (await members.ListAsync(name, new ListRequest(1, null), cancellation)).Items.Count > 0)
                throw ApiProblem.Conflict("in_use", $"The group {name} cannot be deleted: it has members, or the settings name it");
        }
        var written = file.Clients.Select(client => client.ClientId).Concat(deleted["clients"]).ToHashSet();
        foreach (var client in state.Clients.Where(client => !written.Contains(client.ClientId)))
        {
            Refuse($"the client {client.ClientId}", client.Scopes, deleted["scopes"]);
            Refuse($"the client {client.ClientId}", client.Resources, deleted["resources"]);
            Refuse($"the client {client.ClientId}", client.AuthorizationDetailsTypes, deleted["authorization_details_types"]);
            Refuse($"the client {client.ClientId}", GroupsOf(client), deleted["groups"]);
        }
        var kept = file.Resources.Select(resource => resource.Identifier).Concat(deleted["resources"]).ToHashSet();
        foreach (var resource in state.Catalog.Resources.Where(resource => !kept.Contains(resource.Identifier)))
        {
            Refuse($"the API {resource.Identifier}", resource.Scopes, deleted["scopes"]);
            Refuse($"the API {resource.Identifier}", resource.IntrospectedBy, deleted["clients"]);
        }
    }

    private static void Refuse(string who, IEnumerable<string> named, IEnumerable<string> deleted)
    {
        if (named.Intersect(deleted).FirstOrDefault() is { } name)
            throw ApiProblem.Conflict("in_use", $"{name} cannot be deleted: {who} refers to it");
    }

    private static IEnumerable<string> GroupsOf(Client client) =>
        [.. client.Groups, .. client.ScopeMaps?.Keys ?? [], .. client.SupplementaryScopeMaps?.Keys ?? [], .. client.ClaimMaps?.Values.SelectMany(map => map.Keys) ?? []];
}
