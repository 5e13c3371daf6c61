using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Manage.People;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Scopes;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>One group and its members.</summary>
public sealed class GroupMembersView(ServerOptions options) : ManageView
{
    private const string Add = "add";

    public override string Route => GroupsView.Name + "/{group}";

    public override string Scope => ManageScopes.GroupsRead;

    public override async Task<ManageContent> ShowAsync(ManageVisit visit, CancellationToken cancellation)
    {
        var name = ResourceKey.NameOf(visit.Route["group"]) ?? throw ApiProblem.NotFound("group");
        var answer = await FindAsync(visit, name, cancellation);
        var description = (answer?.Value as GroupView)?.Description;
        var members = await visit.GetAsync<ApiList<UserEntry>>("list_group_members", cancellation, visit.Asked());
        var mayWrite = visit.May(ManageScopes.GroupsWrite);
        return ManageContent.Of(
            Phrase.Of($"Group: {name}"),
            mayWrite ? visit.Filled(new ManageForm(Add, Phrase.Of($"Add"), [new("username", Phrase.Of($"Username or email")) { IsRequired = true }], Phrase.Of($"Add a person"))) : null,
            new ManageRows([.. members.Items.Select(user => PeopleView.RowOf(user) with
            {
                Buttons = mayWrite ? [Forms.Button(PageFields.ActionRemove, Phrase.Of($"Remove"), ResourceKey.Of(user.Subject), user.Username)] : [],
            })], Phrase.Of($"People"))
            { Empty = Phrase.Of($"Nobody is in this group."), Next = visit.Next(members.Next) },
            mayWrite ? visit.Filled(new ManageForm(Forms.Save, Phrase.Of($"Save"), [new("description", Phrase.Of($"Description")) { Value = description }], Phrase.Of($"Change the description")) { Etag = answer?.Tag, IsFolded = true }) : null,
            mayWrite && answer is not null && !options.Manage.Groups.Contains(name) ? new ManageButtons([visit.AskButton(Forms.Delete, Phrase.Of($"Delete"))]) : null,
            mayWrite && answer is not null ? visit.Asking(Forms.Delete, Phrase.Of($"Delete the group {name}?"), Phrase.Of($"Delete"), answer.Tag) : null);
    }

    /// <returns>The group; null for a group of managers that has no stored description.</returns>
    private async Task<ApiAnswer?> FindAsync(ManageVisit visit, string name, CancellationToken cancellation)
    {
        try
        {
            return await visit.CallAsync("get_group", cancellation);
        }
        catch (ApiProblem e) when (e.Status == StatusCodes.Status404NotFound && options.Manage.Groups.Contains(name))
        {
            return null;
        }
    }

    public override async Task<ManageResult> SubmitAsync(ManageVisit visit, Parameters form, CancellationToken cancellation)
    {
        switch (form[PageFields.Action])
        {
            case Add:
                await visit.CallAsync("add_group_member", cancellation, Forms.Body(("username", form.Text("username"))));
                return new ManageResult(null, Phrase.Of($"{(form["username"] ?? "").Trim()} is in the group."));
            case PageFields.ActionRemove:
                await visit.CallAsync("remove_group_member", cancellation, values: [("subject", form[PageFields.Target])]);
                return new ManageResult(null, Phrase.Of($"The person is not in the group any more."));
            case Forms.Save:
                var etag = form[PageFields.Etag];
                await visit.CallAsync("put_group", cancellation, Forms.Body(("description", form.Text("description"))), etag, etag is null);
                return new ManageResult(null, Phrase.Of($"The group is saved."));
            case Forms.Delete:
                await visit.CallAsync("delete_group", cancellation, etag: form[PageFields.Etag]);
                return new ManageResult(GroupsView.Name);
            default:
                return new ManageResult(null);
        }
    }
}
