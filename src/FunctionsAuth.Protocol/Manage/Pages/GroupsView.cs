using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Manage.People;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>The groups. The groups of managers are always in the list.</summary>
public sealed class GroupsView(ServerOptions options) : ManageView
{
    public const string Name = "groups";

    public override string Route => Name;

    public override string Scope => ManageScopes.GroupsRead;

    public override async Task<ManageContent> ShowAsync(ManageVisit visit, CancellationToken cancellation)
    {
        var list = await visit.GetAsync<ApiList<GroupView>>("list_groups", cancellation, visit.Asked());
        var missing = visit.Query["after"] is null ? options.Manage.Groups.Where(name => list.Items.All(group => group.Name != name)) : [];
        return ManageContent.Of(
            Phrase.Of($"Groups"),
            new ManageRows([.. missing.Select(name => RowOf(name, null)), .. list.Items.Select(group => RowOf(group.Name, group.Description))]) { Next = visit.Next(list.Next) },
            visit.May(ManageScopes.GroupsWrite)
                ? visit.Filled(new ManageForm(Forms.Create, Phrase.Of($"Create"), [new("name", Phrase.Of($"What it is called")) { IsRequired = true }, new("description", Phrase.Of($"Description"))], Phrase.Of($"Create a group")))
                : null);
    }

    private ManageRow RowOf(string name, string? description) => new(ManageValue.Of(name) with { Page = PageOf(name) })
    {
        Tags = options.Manage.Groups.Contains(name) ? [Phrase.Of($"Manages this service")] : [],
        Facts = description is null ? [] : [Forms.Fact(Phrase.Of($"Description"), description)],
    };

    public static string PageOf(string name) => $"{Name}/{ResourceKey.Of(name)}";

    public override async Task<ManageResult> SubmitAsync(ManageVisit visit, Parameters form, CancellationToken cancellation)
    {
        var name = (form["name"] ?? "").Trim();
        await visit.CallAsync("put_group", cancellation, Forms.Body(("description", form.Text("description"))), isNew: true, values: [("group", ResourceKey.Of(name))]);
        return new ManageResult(PageOf(name));
    }
}
