using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Import;
using FunctionsAuth.Protocol.Json;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Rules;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Identity;

namespace FunctionsAuth.Protocol.Manage.People;

/// <summary>Reads and writes users for the API. A caller cannot get more rights by changing users, because only administrators can change managers.</summary>
public sealed class ManagedUsers(IUserStore users, IGroupStore groups, IClientStore clients, PasswordHashing hashing, SecurityEvents events, ServerOptions options, TimeProvider clock)
{
    /// <summary>This name is used in paths in the place of a subject.</summary>
    private const string ReservedSubject = "import";

    /// <exception cref="ApiProblem">Status 404: there is no such user, or the user was deleted.</exception>
    public async Task<User> FindAsync(ApiCall call, CancellationToken cancellation) =>
        ResourceKey.NameOf(call.Route["subject"]) is { } subject && await LookAsync(subject, cancellation) is { DeletedAt: null } user ? user : throw ApiProblem.NotFound("user");

    /// <summary>Deleted users are found too. Placeholder rows for unknown names are not.</summary>
    public async Task<User?> LookAsync(string subject, CancellationToken cancellation) => Decoy.TryParse(subject, out _) ? null : await users.FindAsync(subject, cancellation);

    /// <summary>Writes a user on the current record, so that a user who became a manager in the meantime is noticed.</summary>
    /// <exception cref="ApiProblem">Status 403: the user is a manager now, and the caller is not an administrator.</exception>
    public async Task<User> HoldAsync(Caller caller, User user, CancellationToken cancellation)
    {
        var check = Check(caller);
        return await CompareAndSwap.ChangeAsync(user, Checked, users.TrySaveAsync, cancellation) is { DeletedAt: null } held ? held : throw ApiProblem.NotFound("user");

        User? Checked(User? current)
        {
            if (current is not { DeletedAt: null })
                return null;
            check(current);
            return current;
        }
    }

    /// <summary>Checks the user record that is about to be written.</summary>
    /// <exception cref="ApiProblem">Status 403: the user is a manager, and the caller is not an administrator.</exception>
    public Action<User> Check(Caller caller) => user => Demand(caller, user.Groups);

    /// <param name="affected">The groups of the user before and after the change.</param>
    /// <inheritdoc cref="Check"/>
    public void Demand(Caller caller, IEnumerable<string> affected)
    {
        if (ManageRoles.AreOfManagers(affected, options.Manage))
            caller.Demand(ManageScopes.Administrators, "Only administrators change who manages the server, and the accounts of those who do");
    }

    /// <summary>The user that a body describes, in the form of an import file.</summary>
    /// <exception cref="ApiProblem">Status 400, with all problems.</exception>
    public async Task<ImportedUser> ReadAsync(JsonElement body, CancellationToken cancellation)
    {
        List<ApiFault> faults = [];
        if (!new JsonShape(ApiJson.Options, Report).Fits(body, "", typeof(ImportedUser)) || faults.Count > 0)
            throw Wrong();
        var wanted = body.Deserialize<ImportedUser>(ApiJson.Options)!;
        foreach (var (member, problem) in UserRules.ProblemsOf(wanted))
            Report(member, problem);
        if (body.TryGetProperty("claims", out var claims))
        {
            foreach (var (member, problem) in ClaimRules.ProblemsOf(claims))
                Report(JsonLines.Member("claims", member), problem);
        }
        foreach (var (index, name) in (wanted.Groups ?? []).Index())
        {
            if (!options.Manage.Groups.Contains(name) && await groups.FindAsync(name, cancellation) is null)
                Report($"groups[{index}]", "is an unknown group");
        }
        if (wanted.Subject == ReservedSubject)
            Report("subject", "is the name of an operation of the API");
        return faults.Count == 0 ? wanted : throw Wrong();

        void Report(string path, string problem) => faults.Add(new(path, problem));
        ApiProblem Wrong() => ApiProblem.Invalid("The user is not valid", faults);
    }

    /// <summary>A new address or number is not verified, unless the patch says so, because the old proof does not apply to it.</summary>
    public static JsonObject WithoutOldProofs(User stored, JsonObject patch)
    {
        if (patch["claims"] is not JsonObject claims)
            return patch;
        foreach (var (claim, proof) in ((string, string)[])[("email", "email_verified"), ("phone_number", "phone_number_verified")])
        {
            if (claims.ContainsKey(claim) && !claims.ContainsKey(proof) && !JsonNode.DeepEquals(claims[claim], stored.Claims[claim]))
                claims[proof] = null;
        }
        return patch;
    }

    /// <exception cref="ApiProblem">Status 409: one of the names belongs to another user.</exception>
    public async Task<User> CreateAsync(Caller caller, ImportedUser wanted, CancellationToken cancellation)
    {
        var user = new User
        {
            Subject = wanted.Subject ?? User.NewSubject(),
            Username = wanted.Username,
            PasswordHash = wanted.PasswordHash,
            Disabled = wanted.Disabled ?? false,
            Claims = wanted.Claims ?? [],
            Groups = Group.Normalize(wanted.Groups ?? []),
        };
        Demand(caller, user.Groups);
        DemandGroups(caller, [], user.Groups);
        // The subject of a user and the id of a client that acts for itself are in the same claim of access tokens.
        if (wanted.Subject is not null && await clients.FindAsync(wanted.Subject, cancellation) is not null)
            throw ApiProblem.Conflict("subject_taken", "The subject is already used as the client_id of a client");
        if (wanted.Password is not null)
            user = user with { PasswordHash = await hashing.HashAsync(user, wanted.Password, caller.Id, cancellation) };
        // If a name is taken, the user is removed again after the record existed for a moment. So nobody may rely on a manager who could disappear
        // again.
        var first = ManageRoles.AreOfManagers(user.Groups, options.Manage) ? user with { Groups = [] } : user;
        if (!await users.TryCreateAsync(first, byOperator: true, cancellation))
            throw Taken();
        var made = await users.FindAsync(user.Subject, cancellation) ?? throw ApiProblem.NotFound("user");
        if (first != user)
            made = await CompareAndSwap.ChangeAsync(made, current => current is null ? null : current with { Groups = user.Groups }, users.TrySaveAsync, cancellation) ?? throw ApiProblem.NotFound("user");
        await events.AccountCreatedAsync(user.Subject, AuditActor.Operator);
        return made;
    }

    /// <summary>Only callers who may change groups can give the rights of groups.</summary>
    private static void DemandGroups(Caller caller, IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        if (!before.SequenceEqual(after))
            caller.Demand(ManageScopes.GroupsWrite, "This request changes the groups of the user");
    }

    /// <summary>Writes a user if the record has not changed since it was read.</summary>
    /// <exception cref="ApiProblem">The name is taken (409), or another change was first (412).</exception>
    public async Task<User> ReplaceAsync(Caller caller, User stored, ImportedUser wanted, CancellationToken cancellation)
    {
        if (wanted.Subject is not null && wanted.Subject != stored.Subject)
            throw ApiProblem.Invalid("The user is not valid", new ApiFault("subject", "never changes"));
        var changed = await ChangedAsync(caller, stored, wanted, cancellation);
        if (changed.HasSameRecordAs(stored))
            return stored;
        Demand(caller, stored.Groups.Concat(changed.Groups));
        DemandGroups(caller, stored.Groups, changed.Groups);
        List<string> added = [];
        // The names are written first: if one is taken, the user has not been changed.
        foreach (var name in changed.LoginNames().Where(name => !stored.HasLoginName(name)))
        {
            if (!await users.TryAddLoginNameAsync(name, stored.Subject, cancellation))
                throw await WithoutAsync(Taken());
            added.Add(name);
        }
        WriteResult<User> write;
        try
        {
            write = await users.TrySaveAsync(changed, cancellation);
        }
        catch (LastAdministratorException e)
        {
            throw await WithoutAsync(ApiProblem.Conflict("last_administrator", e.Description));
        }
        catch (TemporarilyUnavailableException)
        {
            // The change may have been written anyway, so a name that belongs to the user now is kept.
            await TryRemoveAsync(added, stored.Subject);
            throw;
        }
        if (!write.Won)
            throw await WithoutAsync(ApiProblem.Stale());
        foreach (var former in stored.LoginNames().Where(name => !changed.HasLoginName(name)))
            await users.RemoveLoginNameAsync(former, stored.Subject, cancellation);
        await events.NoteChangesAsync(stored, changed);
        return write.Current!;

        async Task<ApiProblem> WithoutAsync(ApiProblem problem)
        {
            await TryRemoveAsync(added, stored.Subject);
            return problem;
        }
    }

    private async Task TryRemoveAsync(IEnumerable<string> names, string subject)
    {
        try
        {
            foreach (var name in names)
                await users.RemoveLoginNameAsync(name, subject, CancellationToken.None);
        }
        catch (TemporarilyUnavailableException)
        {
            // The user keeps a name that the record does not have. A repeated change starts to use it.
        }
    }

    private async Task<User> ChangedAsync(Caller caller, User stored, ImportedUser wanted, CancellationToken cancellation)
    {
        var changed = stored with
        {
            Username = wanted.Username,
            Claims = wanted.Claims ?? stored.Claims,
            Groups = wanted.Groups is { } named ? Group.Normalize(named) : stored.Groups,
        };
        // Links that were sent earlier, such as invitations, must not give access to the account of a manager.
        if (!ManageRoles.AreOfManagers(stored.Groups, options.Manage) && ManageRoles.AreOfManagers(changed.Groups, options.Manage))
            changed = changed with { SessionsValidFrom = clock.GetUtcNow() };
        if (wanted.Disabled is { } disabled && disabled != stored.Disabled)
            changed = disabled ? changed.Disable(clock.GetUtcNow()) : changed with { Disabled = false };
        var hash = wanted.Password is null ? wanted.PasswordHash
            : await OpensAsync(caller, stored, wanted.Password, cancellation) ? null
            : await hashing.HashAsync(changed, wanted.Password, caller.Id, cancellation);
        return hash is null || hash == stored.PasswordHash ? changed : changed.WithPassword(hash, clock.GetUtcNow());
    }

    /// <summary>A repeated change must not sign the user out again.</summary>
    private async Task<bool> OpensAsync(Caller caller, User stored, string password, CancellationToken cancellation) =>
        stored.PasswordHash is { } hash && await hashing.VerifyAsync(hash, password, caller.Id, cancellation) != PasswordVerificationResult.Failed;

    private static ApiProblem Taken() => ApiProblem.Conflict("name_taken", "The username or the verified email address is or was the login name of another user");
}
