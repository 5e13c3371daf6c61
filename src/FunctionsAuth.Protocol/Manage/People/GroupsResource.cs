using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Manage.People;

/// <summary>A group as the API shows it.</summary>
/// <param name="Key">Its name in the form for paths.</param>
public sealed record GroupView(string Key, string Name, string? Description)
{
    public static GroupView Of(Group group) => new(ResourceKey.Of(group.Name), group.Name, group.Description);
}

/// <param name="Description">The description of the group; null for none.</param>
public sealed record GroupInput(string? Description = null);

/// <param name="Subject">The subject of the user who joins the group.</param>
/// <param name="Username">The username or verified email address of this user, if the subject is not known.</param>
public sealed record MemberInput(string? Subject = null, string? Username = null);

/// <summary>Groups and their members.</summary>
public sealed class GroupsResource(
    IGroupStore groups, IGroupMembers members, IUserStore users, Accounts accounts, ManagedUsers managed, SecurityEvents events, ServerOptions options) : ManageResource
{
    private const string One = "groups/{group}";

    public override string Tag => "groups";

    public override IReadOnlyList<Operation> Operations =>
    [
        new("list_groups", HttpMethods.Get, "groups", ManageScopes.GroupsRead, "Lists groups in the order of their names.", ListAsync) { Result = typeof(ApiList<GroupView>), Query = QueryParameter.OfList, Cost = 1 },
        new("get_group", HttpMethods.Get, One, ManageScopes.GroupsRead, "Shows a group.", GetAsync) { Result = typeof(GroupView), Cost = 1 },
        new("put_group", HttpMethods.Put, One, ManageScopes.GroupsWrite, "Creates a group, or changes its description.", PutAsync)
        {
            Body = typeof(GroupInput), Result = typeof(GroupView), Precondition = Precondition.MatchOrNew, Cost = 4,
        },
        new("delete_group", HttpMethods.Delete, One, ManageScopes.GroupsWrite, "Deletes a group without members.", DeleteAsync) { Status = StatusCodes.Status204NoContent, Precondition = Precondition.Match, Cost = 5 },
        new("list_group_members", HttpMethods.Get, One + "/members", ManageScopes.GroupsRead, "Lists the people in a group.", MembersAsync) { Result = typeof(ApiList<UserEntry>), Query = QueryParameter.OfList, Cost = 3 },
        new("add_group_member", HttpMethods.Post, One + "/members", ManageScopes.GroupsWrite, "Puts a person into a group.", AddAsync)
        {
            Body = typeof(MemberInput), Result = typeof(UserEntry), TakesIdempotencyKey = true, Cost = 9,
        },
        new("remove_group_member", HttpMethods.Post, One + "/members/{subject}/remove", ManageScopes.GroupsWrite, "Takes a person out of a group.", RemoveAsync)
        {
            Result = typeof(UserEntry), TakesIdempotencyKey = true, Cost = 9,
        },
    ];

    private async Task<ApiAnswer> ListAsync(ApiCall call, CancellationToken cancellation)
    {
        var page = await groups.ListAsync(call.List(), cancellation);
        return ApiAnswer.Of(new ApiList<GroupView>([.. page.Items.Select(GroupView.Of)], page.Next));
    }

    private async Task<Group> FindAsync(ApiCall call, CancellationToken cancellation) => await groups.FindAsync(call.NameOf("group"), cancellation) ?? throw ApiProblem.NotFound("group");

    private async Task<ApiAnswer> GetAsync(ApiCall call, CancellationToken cancellation) => Show(await FindAsync(call, cancellation));

    private async Task<ApiAnswer> PutAsync(ApiCall call, CancellationToken cancellation)
    {
        var name = call.NameOf("group");
        if (!Group.IsName(name))
            throw ApiProblem.Invalid($"The name of a group {Group.NameProblem}");
        var stored = await groups.FindAsync(name, cancellation);
        if (stored is null)
            call.RequireNew();
        else
            call.RequireMatch(stored.Version);
        var wanted = new Group { Name = name, Description = call.Read<GroupInput>().Description, Version = stored?.Version ?? "" };
        var write = await groups.TrySaveAsync(wanted, cancellation);
        if (!write.Won)
            throw stored is null ? ApiProblem.Exists() : ApiProblem.Stale();
        await events.ConfigurationChangedAsync(RecordChange.Of("group", name, stored, wanted));
        return stored is null ? ApiAnswer.Created(GroupView.Of(write.Current!), $"groups/{ResourceKey.Of(name)}", write.Current!.Version) : Show(write.Current!);
    }

    private async Task<ApiAnswer> DeleteAsync(ApiCall call, CancellationToken cancellation)
    {
        var stored = await FindAsync(call, cancellation);
        call.RequireMatch(stored.Version);
        if (options.Manage.Groups.Contains(stored.Name))
            throw ApiProblem.Conflict("in_use", "The group cannot be deleted, because the settings name it: its members manage the server");
        if ((await members.ListAsync(stored.Name, new ListRequest(1, null), cancellation)).Items.Count > 0)
            throw ApiProblem.Conflict("in_use", "The group cannot be deleted, because it has members: remove them first");
        if (!(await groups.TryDeleteAsync(stored, cancellation)).Won)
            throw ApiProblem.Stale();
        await events.ConfigurationChangedAsync(RecordChange.Of<Group>("group", stored.Name, stored, null));
        return ApiAnswer.Nothing;
    }

    private async Task<ApiAnswer> MembersAsync(ApiCall call, CancellationToken cancellation)
    {
        var name = call.NameOf("group");
        var page = await members.ListAsync(name, call.List(), cancellation);
        List<UserEntry> found = [];
        foreach (var (subject, user) in page.Items.Zip(await Task.WhenAll(page.Items.Select(subject => users.FindAsync(subject, cancellation)))))
        {
            if (user is { DeletedAt: null } && user.Groups.Contains(name))
                found.Add(EntryFor(call.Caller, user));
            else
                await members.ForgetAsync(name, subject, cancellation);
        }
        return ApiAnswer.Of(new ApiList<UserEntry>(found, page.Next));
    }

    private async Task<ApiAnswer> AddAsync(ApiCall call, CancellationToken cancellation)
    {
        var input = call.Read<MemberInput>();
        if ((input.Subject is null) == (input.Username is null))
            throw ApiProblem.Invalid("The body must have either subject or username, not both");
        if (input.Username is not null)
            call.Caller.Demand(ManageScopes.UsersRead, "You may not search users by name");
        if (!options.Manage.Groups.Contains(call.NameOf("group")))
            await FindAsync(call, cancellation);
        var user = input.Subject is { } subject ? await managed.LookAsync(subject, cancellation) : await accounts.FindAsync(input.Username!, cancellation);
        return await ChangeAsync(call, user, [call.NameOf("group")], [], cancellation);
    }

    private async Task<ApiAnswer> RemoveAsync(ApiCall call, CancellationToken cancellation) =>
        await ChangeAsync(call, await managed.LookAsync(call.NameOf("subject"), cancellation), [], [call.NameOf("group")], cancellation);

    private async Task<ApiAnswer> ChangeAsync(ApiCall call, User? user, string[] added, string[] removed, CancellationToken cancellation)
    {
        if (user is not { DeletedAt: null })
            throw ApiProblem.NotFound("user");
        var check = managed.Check(call.Caller);
        managed.Demand(call.Caller, added.Concat(removed));
        try
        {
            var changed = await accounts.ChangeGroupsAsync(user, added, removed, check, cancellation);
            return ApiAnswer.Of(EntryFor(call.Caller, changed!));
        }
        catch (ArgumentException e)
        {
            throw ApiProblem.Conflict("too_many_groups", e.Message.TrimEnd('.'));
        }
    }

    /// <summary>The claims of users are only for callers who may read users.</summary>
    private static UserEntry EntryFor(Caller caller, User user) => caller.Has(ManageScopes.UsersRead) ? UserEntry.Of(user) : UserEntry.Of(user) with { Name = null, Email = null };

    private static ApiAnswer Show(Group group) => ApiAnswer.Of(GroupView.Of(group), group.Version);
}
