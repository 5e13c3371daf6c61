using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Manage.Clients;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>The clients. The management pages call them apps.</summary>
public sealed class ClientsView : ManageView
{
    public const string Name = "clients";

    public override string Route => Name;

    public override string Scope => ManageScopes.ClientsRead;

    public override async Task<ManageContent> ShowAsync(ManageVisit visit, CancellationToken cancellation)
    {
        var list = await visit.GetAsync<ApiList<ClientEntry>>("list_clients", cancellation, visit.Asked("prefix"));
        return ManageContent.Of(
            Phrase.Of($"Apps"),
            visit.May(ManageScopes.ClientsWrite) ? new ManageButtons([new ManageButton(Phrase.Of($"Register an app")) { Page = NewClientView.Name, IsPrimary = true }]) : null,
            visit.Search(Name, new ManageField("prefix", Phrase.Of($"The beginning of the client id"))),
            new ManageRows([.. list.Items.Select(RowOf)]) { Empty = Phrase.Of($"No apps were found."), Next = visit.Next(list.Next) });
    }

    private static ManageRow RowOf(ClientEntry client) => new(ManageValue.Of(client.ClientName ?? client.ClientId) with { Page = PageOf(client.ClientId) })
    {
        Tags = [.. client.Disabled ? [Phrase.Of($"Disabled")] : Array.Empty<Phrase>(), .. client.SelfRegistered ? [Phrase.Of($"Registered itself")] : Array.Empty<Phrase>()],
        Facts =
        [
            Forms.Fact(Phrase.Of($"Client id"), ManageValue.Code(client.ClientId)),
            .. client.LastUsedAt is { } used ? [Forms.Fact(Phrase.Of($"Last used"), ManageValue.Of(used))] : Array.Empty<ManageFact>(),
        ],
    };

    public static string PageOf(string clientId) => $"{Name}/{ResourceKey.Of(clientId)}";
}
