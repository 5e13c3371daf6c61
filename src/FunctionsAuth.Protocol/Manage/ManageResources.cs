using FunctionsAuth.Protocol.Manage.Clients;
using FunctionsAuth.Protocol.Manage.People;
using FunctionsAuth.Protocol.Manage.Plans;
using FunctionsAuth.Protocol.Manage.Records;
using FunctionsAuth.Protocol.Manage.Server;

namespace FunctionsAuth.Protocol.Manage;

/// <summary>The list of all resources of the management API. Add new resources here.</summary>
public static class ManageResources
{
    public static IReadOnlyList<Type> All { get; } =
    [
        typeof(UsersResource), typeof(UserActionsResource), typeof(UserAccessResource), typeof(UserImportResource), typeof(GroupsResource),
        typeof(ClientsResource), typeof(ClientSecretsResource), typeof(RegistrationTokensResource), typeof(CatalogResource), typeof(ConfigurationResource),
        typeof(WebhooksResource), typeof(StatisticsResource), typeof(KeysResource), typeof(AuditResource), typeof(SettingsResource),
    ];

    /// <summary>What they are made of.</summary>
    public static IReadOnlyList<Type> Parts { get; } = [typeof(ManagedUsers), typeof(UserFactors), typeof(ManagedClients), typeof(RecordReader), typeof(ConfigurationText), typeof(ConfigurationWriter), typeof(ConfigurationReferences)];
}
