using System.CommandLine;
using System.Text.Json.Nodes;
using FunctionsAuth.Cli.Api;
using FunctionsAuth.Cli.Terminal;

namespace FunctionsAuth.Cli.Commands;

/// <summary><c>users</c>: users and their accounts.</summary>
internal static class UserCommands
{
    private static readonly Argument<string> NewName = new("username") { Description = "The username of the new user" };
    private static readonly Option<string?> Prefix = new("--prefix") { Description = "The beginning of the username or of the verified email address", HelpName = "text" };
    private static readonly Option<string?> Username = new("--username") { Description = "A new username", HelpName = "name" };
    private static readonly Option<string?> Email = new("--email") { Description = "The email address", HelpName = "address" };
    private static readonly Option<bool> EmailVerified = new("--email-verified") { Description = "The email address is verified, so the user can sign in with it" };
    private static readonly Option<string?> FullName = new("--name") { Description = "The name that users see", HelpName = "text" };
    private static readonly Option<string[]> Claim = new("--claim") { Description = "A claim and its value, which is JSON or text", HelpName = "claim=value" };
    private static readonly Option<string[]> RemoveClaim = new("--remove-claim") { Description = "A claim to remove", HelpName = "claim" };
    private static readonly Option<string[]> InGroup = new("--group") { Description = "A group to add the user to", HelpName = "group" };
    private static readonly Option<string[]> AddGroup = new("--add") { Description = "A group to add the user to", HelpName = "group" };
    private static readonly Option<string[]> RemoveGroup = new("--remove") { Description = "A group to remove the user from", HelpName = "group" };
    private static readonly Option<bool> PasswordStdin = new("--password-stdin") { Description = "The password is the first line of standard input" };
    private static readonly Option<bool> Invite = new("--invite") { Description = "Create a link with which the user chooses a password" };

    public static Command Create(CliHost host) => CommandRun.Group(
        "users",
        "Users and their accounts",
        [
            CommandRun.Command(host, "list", "List users, or find them by the beginning of a name", ListAsync, Prefix, ListOptions.All, ListOptions.Limit),
            CommandRun.Command(host, "show", "Show a user", ShowAsync, People.Person),
            CommandRun.Command(host, "create", "Create a user", CreateAsync, NewName, Email, EmailVerified, FullName, Claim, InGroup, PasswordStdin, Invite),
            CommandRun.Command(host, "edit", "Change the username and the claims of a user", EditAsync, People.Person, Username, Email, EmailVerified, FullName, Claim, RemoveClaim),
            CommandRun.Command(host, "groups", "Show or change the groups of a user", GroupsAsync, People.Person, AddGroup, RemoveGroup),
            CommandRun.Command(host, "delete", "Delete a user, which cannot be undone", DeleteAsync, People.Person),
            .. UserActions.Create(host),
            .. UserAccess.Create(host),
            UserImport.Create(host),
        ]);

    private static async Task ListAsync(CommandRun run) => await run.PrintListAsync(
        await run.ConnectAsync(),
        "users",
        [("prefix", run.Get(Prefix))],
        ("Username", user => user.Text("username")),
        ("Name", user => user.Text("name")),
        ("Email", user => user.Text("email")),
        ("State", user => user.Is("disabled") ? "disabled" : ""),
        ("Subject", user => user.Text("subject")));

    private static async Task ShowAsync(CommandRun run)
    {
        var api = await run.ConnectAsync();
        var person = await People.FindAsync(run, api);
        var answer = await api.GetAsync(People.PathOf(person));
        run.Print(answer);
        if (run.WantsJson)
            return;
        var factors = (await api.GetAsync(People.PathOf(person, "/factors"))).Record;
        run.Screen.Show(new JsonObject
        {
            ["app_for_codes"] = factors["has_totp"]?.DeepClone(),
            ["recovery_codes"] = factors["recovery_codes"]?.DeepClone(),
            ["passkeys"] = Members.ListOf((factors["passkeys"] as JsonArray ?? []).Select(passkey => passkey.Text("name") ?? "")),
        });
    }

    private static async Task CreateAsync(CommandRun run)
    {
        var body = new JsonObject { ["username"] = run.Get(NewName) };
        if (ClaimsOf(run) is { Count: > 0 } claims)
            body["claims"] = claims;
        if (run.Get(InGroup) is { Length: > 0 } groups)
            body["groups"] = Members.ListOf(groups);
        if (run.Get(PasswordStdin))
            body["password"] = await run.ReadLineAsync("the password");
        var api = await run.ConnectAsync();
        var made = await api.PostAsync("users", body);
        run.Print(made);
        if (run.Get(Invite))
            await UserActions.InviteAsync(run, api, made.Record, byMail: false);
    }

    private static async Task EditAsync(CommandRun run)
    {
        var patch = new JsonObject();
        if (run.Get(Username) is { } name)
            patch["username"] = name;
        if (ClaimsOf(run) is { Count: > 0 } claims)
            patch["claims"] = claims;
        Members.Needed(patch);
        var api = await run.ConnectAsync();
        run.Print(await api.PatchAsync(People.PathOf(await People.FindAsync(run, api)), patch));
    }

    private static JsonObject ClaimsOf(CommandRun run)
    {
        var claims = new JsonObject();
        foreach (var (name, value) in (run.Get(Claim) ?? []).Select(Members.Split))
            claims[name] = ApiJson.ReadValue(value);
        foreach (var name in run.Get(RemoveClaim) ?? [])
            claims[name] = null;
        if (run.Get(FullName) is { } fullName)
            claims["name"] = fullName;
        if (run.Get(Email) is { } email)
            claims["email"] = email;
        if (run.Get(EmailVerified))
            claims["email_verified"] = true;
        // An earlier verification does not apply to another address.
        else if (run.Get(Email) is not null)
            claims["email_verified"] = false;
        return claims;
    }

    private static async Task GroupsAsync(CommandRun run)
    {
        var api = await run.ConnectAsync();
        var person = await People.FindAsync(run, api);
        foreach (var group in run.Get(AddGroup) ?? [])
            await api.PostAsync($"groups/{ResourceKey.Of(group)}/members", new JsonObject { ["subject"] = person.Text("subject") });
        foreach (var group in run.Get(RemoveGroup) ?? [])
            await api.PostAsync($"groups/{ResourceKey.Of(group)}/members/{ResourceKey.Of(person.Text("subject")!)}/remove");
        var now = (await api.GetAsync(People.PathOf(person))).Record["groups"] as JsonArray ?? [];
        if (run.WantsJson)
            run.Host.Output.WriteLine(now.ToJsonString(ApiJson.Compact));
        else
            run.Screen.Say(now.Count == 0 ? $"{person.Text("username")} is in no group." : Screen.TextOf(now));
    }

    private static async Task DeleteAsync(CommandRun run)
    {
        var api = await run.ConnectAsync();
        var person = await People.FindAsync(run, api);
        await run.ConfirmAsync($"Delete {person.Text("username")}? This cannot be undone.");
        run.Print(await api.DeleteAsync(People.PathOf(person)), $"{person.Text("username")} is deleted.");
    }
}
