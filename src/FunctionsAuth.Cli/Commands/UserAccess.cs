using System.CommandLine;
using FunctionsAuth.Cli.Api;
using FunctionsAuth.Cli.Terminal;

namespace FunctionsAuth.Cli.Commands;

/// <summary>The sessions of a user, and the apps with access.</summary>
internal static class UserAccess
{
    private static readonly Argument<string> Session = new("session") { Description = "The id of the session from users sessions" };
    private static readonly Argument<string> Client = new("client") { Description = "The client_id from users apps" };

    public static IEnumerable<Command> Create(CliHost host) =>
    [
        CommandRun.Command(host, "sessions", "List the sessions of a user", SessionsAsync, People.Person),
        CommandRun.Command(host, "end-session", "End one session of a user", EndSessionAsync, People.Person, Session),
        CommandRun.Command(host, "apps", "List the clients to which a user gave access", AppsAsync, People.Person),
        CommandRun.Command(host, "revoke-app", "Revoke the access of one client to a user", RevokeAppAsync, People.Person, Client),
    ];

    private static async Task SessionsAsync(CommandRun run)
    {
        var api = await run.ConnectAsync();
        run.Print(
            await api.GetAsync(People.PathOf(await People.FindAsync(run, api), "/sessions")),
            ("Session", session => session.Text("id")),
            ("Browser", session => session.Text("browser") ?? session.Text("client_id")),
            ("Country", session => session.Text("country")),
            ("Signed in", session => Screen.MomentOf(session["auth_time"])),
            ("Last used", session => Screen.MomentOf(session["last_used_at"])),
            ("By", session => Screen.TextOf(session["amr"])));
    }

    private static async Task EndSessionAsync(CommandRun run)
    {
        var api = await run.ConnectAsync();
        var person = await People.FindAsync(run, api);
        await run.ConfirmAsync($"End the session {run.Get(Session)} of {person.Text("username")}?");
        run.Print(await api.PostAsync(People.PathOf(person, $"/sessions/{ResourceKey.Of(run.Get(Session))}/end")), "The session is ended.");
    }

    private static async Task AppsAsync(CommandRun run)
    {
        var api = await run.ConnectAsync();
        run.Print(
            await api.GetAsync(People.PathOf(await People.FindAsync(run, api), "/consents")),
            ("Client", consent => consent.Text("client_id")),
            ("Scopes", consent => Screen.TextOf(consent["scopes"])),
            ("Granted", consent => Screen.MomentOf(consent["granted_at"])),
            ("Last used", consent => Screen.MomentOf(consent["last_used_at"])));
    }

    private static async Task RevokeAppAsync(CommandRun run)
    {
        var api = await run.ConnectAsync();
        var person = await People.FindAsync(run, api);
        await run.ConfirmAsync($"Revoke the access of {run.Get(Client)} to {person.Text("username")}?");
        run.Print(await api.PostAsync(People.PathOf(person, $"/consents/{ResourceKey.Of(run.Get(Client))}/revoke")), $"{run.Get(Client)} has no access to {person.Text("username")} any more.");
    }
}
