using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Manage.Records;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Manage.Plans;

/// <summary>The configuration as it was read, each record with its version.</summary>
public sealed record ConfigurationState(Catalog Catalog, IReadOnlyList<Group> Groups, IReadOnlyList<Client> Clients)
{
    /// <summary>The configuration as an import file. It has no clients that registered themselves.</summary>
    public JsonObject Json { get; } = ConfigurationText.Write(
        Catalog.Scopes.Where(scope => !Catalog.IsBuiltIn(scope.Name)).Select(RecordWriter.Write),
        Groups.Select(RecordWriter.Write),
        Catalog.Resources.Select(RecordWriter.Write),
        Catalog.DetailsTypes.Select(RecordWriter.Write),
        Clients.Where(client => client.Registration is null).Select(client => RecordWriter.Write(client, withSecrets: true)));

    public Client? FindClient(string id) => Clients.FirstOrDefault(client => client.ClientId == id);

    public Group? FindGroup(string name) => Groups.FirstOrDefault(group => group.Name == name);
}
