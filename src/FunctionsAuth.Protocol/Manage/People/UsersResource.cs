using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Deletion;
using FunctionsAuth.Protocol.Import;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Manage.People;

/// <summary>Users: searched by the beginning of their names, created, changed and deleted.</summary>
public sealed class UsersResource(ManagedUsers managed, IUserStore users, IUserDirectory directory, AccountDeletion deletion) : ManageResource
{
    private const string One = "users/{subject}";

    public override string Tag => "users";

    public override IReadOnlyList<Operation> Operations =>
    [
        new("list_users", HttpMethods.Get, "users", ManageScopes.UsersRead, "Lists users in the order of their usernames, or finds those whose username or verified email address has a given beginning.", ListAsync)
        {
            Result = typeof(ApiList<UserEntry>),
            Query = [new("prefix", "The beginning of the username or of the verified email address."), new("login_name", "The whole username or verified email address of one person."), .. QueryParameter.OfList],
            Cost = 3,
        },
        new("create_user", HttpMethods.Post, "users", ManageScopes.UsersWrite, "Makes a person.", CreateAsync)
        {
            Body = typeof(ImportedUser), Result = typeof(UserView), Status = StatusCodes.Status201Created, TakesIdempotencyKey = true, Cost = 10,
        },
        new("get_user", HttpMethods.Get, One, ManageScopes.UsersRead, "Shows a person.", GetAsync) { Result = typeof(UserView), Cost = 1 },
        new("put_user", HttpMethods.Put, One, ManageScopes.UsersWrite, "Creates a user with this subject, or replaces the username, claims, groups and state of one.", PutAsync)
        {
            Body = typeof(ImportedUser), Result = typeof(UserView), Precondition = Precondition.MatchOrNew, Cost = 10,
        },
        new("patch_user", HttpMethods.Patch, One, ManageScopes.UsersWrite, "Changes some members of a person by a JSON Merge Patch (RFC 7396).", PatchAsync)
        {
            Body = typeof(ImportedUser), Result = typeof(UserView), Precondition = Precondition.Match, Cost = 10,
        },
        new("delete_user", HttpMethods.Delete, One, ManageScopes.UsersWrite, "Deletes a user, which cannot be undone. The account stops working at once, and the server removes the rest of the data within an hour.", DeleteAsync)
        {
            Status = StatusCodes.Status204NoContent, Precondition = Precondition.Match, Cost = 12,
        },
    ];

    private async Task<ApiAnswer> ListAsync(ApiCall call, CancellationToken cancellation)
    {
        if (call.Query.TryGetValue("login_name", out var name))
            return ApiAnswer.Of(new ApiList<UserEntry>(await users.FindSubjectAsync(name, cancellation) is { } subject ? await ReadAsync([subject], cancellation) : [], null));
        var prefix = call.Query.GetValueOrDefault("prefix", "");
        var page = await directory.FindAsync(prefix, call.List(), cancellation);
        return ApiAnswer.Of(new ApiList<UserEntry>(await ReadAsync(page.Items, cancellation, prefix), page.Next));
    }

    private async Task<IReadOnlyList<UserEntry>> ReadAsync(IEnumerable<string> subjects, CancellationToken cancellation, string prefix = "")
    {
        var start = LoginName.Normalize(prefix);
        return
        [
            .. from user in await Task.WhenAll(subjects.Distinct().Select(subject => users.FindAsync(subject, cancellation)))
               // The index may have a former name of a user.
               where user is { DeletedAt: null } && user.LoginNames().Any(name => LoginName.Normalize(name).StartsWith(start, StringComparison.Ordinal))
               select UserEntry.Of(user),
        ];
    }

    private async Task<ApiAnswer> CreateAsync(ApiCall call, CancellationToken cancellation)
    {
        var user = await managed.CreateAsync(call.Caller, await managed.ReadAsync(call.Json(), cancellation), cancellation);
        return Made(user);
    }

    private async Task<ApiAnswer> GetAsync(ApiCall call, CancellationToken cancellation) => Show(await managed.FindAsync(call, cancellation));

    private async Task<ApiAnswer> PutAsync(ApiCall call, CancellationToken cancellation)
    {
        var stored = await managed.LookAsync(call.NameOf("subject"), cancellation);
        if (stored?.DeletedAt is not null)
            throw ApiProblem.Conflict("deleted", "The subject belonged to a deleted user and cannot be used again");
        if (stored is null)
            call.RequireNew();
        else
            call.RequireMatch(stored.Version);
        var body = JsonObject.Create(call.Json())!;
        body.TryAdd("subject", call.NameOf("subject"));
        var wanted = await managed.ReadAsync(JsonSerializer.SerializeToElement(body), cancellation);
        if (wanted.Subject != call.NameOf("subject"))
            throw ApiProblem.Invalid("The user is not valid", new ApiFault("subject", "is not the one in the URL"));
        return stored is null
            ? Made(await managed.CreateAsync(call.Caller, wanted, cancellation))
            // A PUT replaces the whole record: missing members get their defaults.
            : Show(await managed.ReplaceAsync(call.Caller, stored, wanted with { Disabled = wanted.Disabled ?? false, Claims = wanted.Claims ?? [], Groups = wanted.Groups ?? [] }, cancellation));
    }

    private async Task<ApiAnswer> PatchAsync(ApiCall call, CancellationToken cancellation)
    {
        var stored = await managed.FindAsync(call, cancellation);
        call.RequireMatch(stored.Version);
        var merged = MergePatch.Apply(UserView.Changeable(stored), ManagedUsers.WithoutOldProofs(stored, JsonObject.Create(call.Json())!));
        var wanted = await managed.ReadAsync(JsonSerializer.SerializeToElement(merged), cancellation);
        return Show(await managed.ReplaceAsync(call.Caller, stored, wanted with { Disabled = wanted.Disabled ?? false, Claims = wanted.Claims ?? [], Groups = wanted.Groups ?? [] }, cancellation));
    }

    private async Task<ApiAnswer> DeleteAsync(ApiCall call, CancellationToken cancellation)
    {
        var stored = await managed.FindAsync(call, cancellation);
        call.RequireMatch(stored.Version);
        managed.Demand(call.Caller, stored.Groups);
        return await deletion.DeleteAsync(stored, AuditActor.Operator, current => current.Version == stored.Version, cancellation) is null ? throw ApiProblem.Stale() : ApiAnswer.Nothing;
    }

    private static ApiAnswer Show(User user) => ApiAnswer.Of(UserView.Of(user), user.Version);

    private static ApiAnswer Made(User user) => ApiAnswer.Created(UserView.Of(user), $"users/{ResourceKey.Of(user.Subject)}", user.Version);
}
