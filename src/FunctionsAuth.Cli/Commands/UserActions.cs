using System.CommandLine;
using System.Text.Json.Nodes;
using FunctionsAuth.Cli.Api;
using FunctionsAuth.Cli.Terminal;

namespace FunctionsAuth.Cli.Commands;

/// <summary>What is done to the account of a person by one word.</summary>
internal static class UserActions
{
    private static readonly Option<bool> PasswordStdin = new("--password-stdin") { Description = "The new password is the first line of standard input. Without it the server makes one and shows it this once" };
    private static readonly Option<bool> Mail = new("--mail") { Description = "The server mails the link, and does not show it" };

    public static IEnumerable<Command> Create(CliHost host) =>
    [
        Action(host, "disable", "Disable an account and end all that was handed out", "disable", "Disable {0}? All sessions and tokens end.", "{0} is disabled."),
        Action(host, "enable", "Enable a disabled account", "enable", null, "{0} is enabled and can sign in again."),
        Action(host, "unlock", "Let a person try again at once who entered too many wrong passwords or codes", "unlock", null, "{0} can try to sign in again."),
        Action(host, "sign-out", "Sign a person out everywhere", "sign_out", "Sign {0} out everywhere? All sessions and tokens end.", "{0} is signed out everywhere."),
        Action(host, "reset-factors", "Take codes and passkeys of a person away who lost them", "reset_factors", "Take the app for codes, the recovery codes and the passkeys of {0} away?", "{0} signs in with the password alone now."),
        CommandRun.Command(host, "reset-password", "Give an account another password", ResetPasswordAsync, People.Person, PasswordStdin),
        CommandRun.Command(host, "invite", "Make a link by which a person without a password chooses one", InviteAsync, People.Person, Mail),
    ];

    /// <param name="question">Null: nothing is lost.</param>
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
        await run.ConfirmAsync($"Give {person.Text("username")} another password? All sessions and tokens end.");
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
        run.Print(answer, answer.Record.Text("link") is { } link ? $"By this link {person.Text("username")} chooses a password, until {end}:\n{link}" : $"The link is on its way to {person.Text("username")}. It works until {end}.");
    }
}
