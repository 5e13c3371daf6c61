using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Manage.Server;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>The first page: how the server is, and what comes next.</summary>
public sealed class OverviewView : ManageView
{
    public override string Route => "";

    /// <summary>Everybody may see it who sees any of these pages.</summary>
    public override string Scope => "";

    public override async Task<ManageContent> ShowAsync(ManageVisit visit, CancellationToken cancellation) => ManageContent.Of(
        Phrase.Of($"Overview"),
        visit.May(ManageScopes.KeysRead) ? await KeysAsync(visit, cancellation) : null);

    private static async Task<ManageRows> KeysAsync(ManageVisit visit, CancellationToken cancellation)
    {
        var keys = (await visit.GetAsync<ApiList<KeyView>>("list_keys", cancellation)).Items;
        var next = keys.Where(key => key.NextAt is not null).OrderBy(key => key.NextAt).Take(3);
        return new ManageRows([.. next.Select(key => new ManageRow(ManageValue.Code(key.Kid))
        {
            Tags = [KeysView.NameOf(key.State)],
            Facts = [new ManageFact(ManageValue.Of(KeysView.NameOf(key.NextState!.Value)), ManageValue.Of(key.NextAt!.Value))],
        })], Phrase.Of($"What comes next for the keys")) { Empty = Phrase.Of($"Nothing changes by itself."), IsTimeline = true };
    }
}
