using System.CommandLine;
using System.Text.Json.Nodes;
using FunctionsAuth.Cli.Api;
using FunctionsAuth.Cli.Terminal;

namespace FunctionsAuth.Cli.Commands;

/// <summary>Actions on a user account that need no further values.</summary>
internal static class UserActions
{
    private static readonly Option<bool> PasswordStdin = new("--password-stdin") { Description = "The new password is the first line of standard input. Without this option, the server creates a password and shows it once" };
    private static readonly Option<bool> Mail = new("--mail") { Description = "The server sends the link by mail instead of showing it" };

    public static IEnumerable<Command> Create(CliHost host) =>
    [
        Action(host, "disable", "Disable an account and end all its sessions and tokens", "disable", "Disable {0}? All sessions and tokens end.", "{0} is disabled."),
        Action(host, "enable", "Enable a disabled account", "enable", null, "{0} is enabled and can sign in again."),
        Action(host, "unlock", "Unlock an account after too many wrong passwords or codes", "unlock", null, "{0} can try to sign in again."),
        Action(host, "sign-out", "Sign a user out everywhere", "sign_out", "Sign {0} out everywhere? All sessions and tokens end.", "{0} is signed out everywhere."),
        Action(host, "reset-factors", "Remove the authenticator app, the recovery codes and the passkeys of a user who lost them", "reset_factors", "Remove the authenticator app, the recovery codes and the passkeys of {0}?", "{0} can now sign in with the password alone."),
        CommandRun.Command(host, "reset-password", "Set a new password", ResetPasswordAsync, People.Person, PasswordStdin),
        CommandRun.Command(host, "invite", "Create a link with which a user without a password chooses one", InviteAsync, People.Person, Mail),
    ];

    /// <param name="question">The question to confirm; null if nothing is lost.</param>
    private static Command Action(CliHost host, string name, string description, string path, string? question, string done) => CommandRun.Command(
        host,
        name,
        description,
        async run =>
        {
            var api = await run.ConnectAsync();
            var person = await People.FindAsync(run, api);
            if (question is not null)
                await run.ConfirmAsync(question.Replace("{0}", person.Text("username"), StringComparison.Ordinal));
            run.Print(await api.PostAsync(People.PathOf(person, $"/{path}")), done.Replace("{0}", person.Text("username"), StringComparison.Ordinal));
        },
        People.Person);

    private static async Task ResetPasswordAsync(CommandRun run)
    {
        var api = await run.ConnectAsync();
        var person = await People.FindAsync(run, api);
        await run.ConfirmAsync($"Set a new password for {person.Text("username")}? All sessions and tokens end.");
        var body = run.Get(PasswordStdin) ? new JsonObject { ["password"] = await run.ReadLineAsync("the password") } : null;
        var answer = await api.PostAsync(People.PathOf(person, "/reset_password"), body);
        run.Print(answer, answer.Body.Length > 0 && answer.Record.Text("password") is { } made ? $"The password of {person.Text("username")} is now {made}" : $"{person.Text("username")} has the new password.");
    }

    private static async Task InviteAsync(CommandRun run)
    {
        var api = await run.ConnectAsync();
        await InviteAsync(run, api, await People.FindAsync(run, api), run.Get(Mail));
    }

    public static async Task InviteAsync(CommandRun run, ManageClient api, JsonNode person, bool byMail)
    {
        var answer = await api.PostAsync(People.PathOf(person, "/invite"), byMail ? new JsonObject { ["mail"] = true } : null);
        var end = Screen.MomentOf(answer.Record["expires_at"]);
        run.Print(answer, answer.Record.Text("link") is { } link ? $"With this link {person.Text("username")} can choose a password until {end}:\n{link}" : $"The link is on its way to {person.Text("username")}. It works until {end}.");
    }
}
