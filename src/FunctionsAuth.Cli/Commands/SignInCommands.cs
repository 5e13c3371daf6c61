using System.CommandLine;
using System.Text.Json.Nodes;
using FunctionsAuth.Cli.Api;
using FunctionsAuth.Cli.SignIn;

namespace FunctionsAuth.Cli.Commands;

/// <summary><c>login</c>, <c>logout</c> and <c>whoami</c>.</summary>
internal static class SignInCommands
{
    private const string BuiltInClient = "functionsauth-cli";

    private static readonly Argument<string> Url = new("url") { Description = "The server, such as https://login.example.com" };
    private static readonly Option<string?> Client = new("--client") { Description = "The client to sign in with. The default is the built-in client of the server for this tool", HelpName = "id" };
    private static readonly Option<bool> SecretStdin = new("--secret-stdin") { Description = "Sign in as the client itself, and read its secret from standard input" };
    private static readonly Option<bool> NoBrowser = new("--no-browser") { Description = "Do not open a browser, only print the URL to open on this machine" };
    private static readonly Option<bool> Dpop = new("--dpop") { Description = "Bind the tokens to a key of this machine (RFC 9449)" };

    public static IEnumerable<Command> Create(CliHost host) =>
    [
        CommandRun.Command(host, "login", "Sign in at a server", LoginAsync, Url, Client, SecretStdin, NoBrowser, Dpop),
        CommandRun.Command(host, "logout", "Sign out at a server and revoke the tokens of this tool", LogoutAsync),
        CommandRun.Command(host, "whoami", "Show who is signed in, and with which scopes", WhoAmIAsync),
    ];

    private static async Task LoginAsync(CommandRun run)
    {
        var server = await ServerMetadata.ReadAsync(run.Exchange, run.Get(Url), run.Stopping);
        using var key = run.Get(Dpop) ? DpopKey.New() : null;
        var signedIn = await SignInAsync(run, server, key);
        if (signedIn.Scopes.Count == 0)
            throw CliFailure.Refused($"{signedIn.Name} may not manage {server.Issuer}. A user must be in one of the groups of managers, and a client must have scopes of the management API.");
        run.SignIns.Save(signedIn, isLogin: true);
        run.Screen.Say($"{signedIn.Name} is signed in at {server.Issuer}.");
    }

    private static async Task<SignedIn> SignInAsync(CommandRun run, ServerMetadata server, DpopKey? key)
    {
        var id = run.Get(Client) ?? run.Host.Variable("FUNCTIONSAUTH_CLIENT_ID");
        var secret = run.Get(SecretStdin) ? await run.ReadLineAsync("the secret of the client") : run.Get(Client) is null ? run.Host.Variable("FUNCTIONSAUTH_CLIENT_SECRET") : null;
        if (secret is { Length: > 0 })
            return await Tokens.OfClientAsync(run.Exchange, server, id ?? throw CliFailure.Usage("Name the client with --client."), secret, key, run.Stopping);
        return await new CodeSignIn(run.Exchange, server, Show).RunAsync(run.Get(Client) ?? BuiltInClient, key, run.Stopping);

        void Show(Uri address)
        {
            run.Screen.Note($"Sign in with a browser on this machine:\n{address.AbsoluteUri}");
            if (!run.Get(NoBrowser))
                run.Host.OpenBrowser(address);
        }
    }

    private static async Task LogoutAsync(CommandRun run)
    {
        // The client in the environment is not a sign-in, and nothing of it is stored.
        var tokens = run.Kept(run.ServerName ?? throw CliFailure.NotSignedIn("You are not signed in at any server."));
        try
        {
            await tokens.RevokeAsync(run.Stopping);
        }
        finally
        {
            // Whatever the server answers, the tokens are removed here.
            run.SignIns.Remove(tokens.Current.Issuer);
        }
        run.Screen.Say($"{tokens.Current.Name} is signed out at {tokens.Current.Issuer}.");
    }

    private static async Task WhoAmIAsync(CommandRun run)
    {
        var tokens = await run.SignedInAsync();
        await tokens.GetAsync(run.Stopping);
        var now = tokens.Current;
        var view = new JsonObject
        {
            ["server"] = now.Issuer,
            ["name"] = now.Name,
            ["client_id"] = now.ClientId,
            ["bound_to_key"] = now.IsBound,
            ["scopes"] = Members.ListOf(now.Scopes),
        };
        if (run.WantsJson)
            run.Host.Output.WriteLine(view.ToJsonString(ApiJson.Compact));
        else
            run.Screen.Show(view);
    }
}
