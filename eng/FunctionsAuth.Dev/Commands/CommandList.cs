using FunctionsAuth.Dev.Tools;

namespace FunctionsAuth.Dev.Commands;

/// <summary>All commands, with the help that they get.</summary>
internal static class CommandList
{
    private static readonly Option[] Storage =
    [
        new("--connection", "CONNECTION-STRING", "the storage account, by its connection string"),
        new("--account", "NAME", "or by its name or URL, with your own credential (az login)"),
        new("--table-prefix", "P", "what stands before each table's name"),
    ];

    private static readonly Option Setting = new("--set", "NAME=VALUE", "any setting of the server, such as --set Lifetimes:AccessToken=00:05:00; can be repeated");

    private static readonly Option[] Keys =
    [
        new("--vault", "URL", "the keys of a key vault, with your own credential, instead of those of `run`; can be repeated"),
        new("--storage", "CONNECTION", "wrapped keys, too: a connection string, or the https URL of an account for your own credential"),
        new("--table-prefix", "P", "what stands before each table's name"),
        Setting with { Help = "any setting of the server, such as --set Keys:Announce=2.00:00:00; can be repeated;\n--set Keys:Mode=local shows the keys of `func start`" },
    ];

    public static IReadOnlyList<Command> All { get; } =
    [
        new("run", [], "Builds the server and runs it on this machine, with a sample user, sample clients and a demo page.\nThe tables are in memory and end with the server, unless an option says otherwise.",
        [
            new("--port", "N", "listens on this port instead of 7071"),
            new("--azurite", null, "keeps the data in Azurite, which is installed and started if none listens on ports 10000 to 10002"),
            new("--storage", "ACCOUNT", "keeps the data in a storage account: its connection string, or its name or https URL with your own credential (az login);\nthe signing keys stay in .local/keys on this machine"),
            new("--table-prefix", "P", "what stands before each table's name"),
            new("--https", null, "serves https with a certificate for localhost, which is made on the spot and kept in .local/"),
            new("--cert", "PEM", "serves https with this certificate; needs --key"),
            new("--key", "PEM", "the private key of --cert"),
            new("--import", "FILE", "imports these clients and users instead of the samples"),
            new("--storage-latency", "MS", "makes tables in memory as slow as tables far away; 5 is usual in Azure"),
            new("--signature-latency", "MS", "makes signatures as slow as those of a key vault; 20 is usual in Azure"),
            Setting,
        ], LocalHost.RunAsync),
        new("test", [], "Builds everything and runs every test that can run here. It says what it skipped and why.",
        [
            new("--filter", "EXPRESSION", "only these .NET tests, as `dotnet test --filter` takes it; no tests of tests/interop and tests/infra"),
            new("--as-built", null, "runs what is built already"),
            new("--no-interop", null, "without tests/interop (real OpenID Connect clients and the browser)"),
        ], Tests.RunAsync),
        new("func", [], "Publishes the app and runs it under `func start` (Azure Functions Core Tools), with Azurite and signing keys of this machine.\nThe settings are in local.settings.json, which is made when there is none. An Azurite on ports 10000 to 10002 is used, or one is started.",
        [
            new("--port", "N", "listens on this port, and gives it to an issuer on localhost, instead of the one of local.settings.json"),
            new("--import", "FILE", "imports these clients and users instead of the samples"),
        ], FunctionsHost.RunAsync),
        new("import", ["FILE"], "Writes clients, scopes, resources and users to a storage account. Doing it twice changes nothing.", Storage, LocalHost.ImportAsync),
        new("user", ["NAME"], "Makes a user in a storage account, unless that name is taken, and prints the password this once.", Storage, LocalHost.MakeUserAsync),
        new("user list", [], "Lists accounts. It reads all users.",
        [
            .. Storage,
            new("--prefix", "TEXT", "only usernames that begin like that"),
            new("--most", "N", "how many are shown at most; 1000 without this option"),
        ], LocalHost.ListUsersAsync),
        new("user invite", ["NAME", "EMAIL"], "Makes an account without a password, and a link by which its owner chooses one: docs/accounts.md.",
        [
            .. Storage,
            new("--url", "URL", "where people reach the server, such as https://login.example.com; required"),
            new("--group", "GROUP", "puts the person into this group; can be repeated"),
            new("--mail", null, "the server sends the link by mail; without this option it is printed"),
            new("--operator", "NAME", "the OperatorName of the server, for the mail"),
        ], LocalHost.InviteAsync),
        new("user show", ["NAME"], "Shows an account: its subject, and whether it may sign in.", Storage, LocalHost.ShowUserAsync),
        new("user disable", ["NAME"], "Disables an account: nobody signs in to it, and no session, code or token of before works any more.", Storage, LocalHost.DisableUserAsync),
        new("user enable", ["NAME"], "Enables a disabled account: the person signs in again, and what was handed out before stays dead.", Storage, LocalHost.EnableUserAsync),
        new("user sign-out", ["NAME"], "Signs a person out everywhere: no session, code or token of before works any more.", Storage, LocalHost.SignOutUserAsync),
        new("user reset-password", ["NAME"], "Gives an account a new password and prints it this once; the person is signed out everywhere.", Storage, LocalHost.ResetPasswordAsync),
        new("user reset-factors", ["NAME"], "Takes the app for codes and the passkeys of a person away who lost them; the password alone signs in again.", Storage, LocalHost.ResetFactorsAsync),
        new("user groups", ["NAME"], "Shows the groups of a person, and changes them.",
        [
            .. Storage,
            new("--add", "GROUP", "puts the person into this group; can be repeated"),
            new("--remove", "GROUP", "takes the person out of this group; can be repeated"),
        ], LocalHost.ChangeUserGroupsAsync),
        new("user delete", ["NAME"], "Deletes an account, which nobody can undo. It is dead at once; the server removes the rest within the hour.", Storage, LocalHost.DeleteUserAsync),
        new("user apps", ["NAME"], "Lists the clients to which a person gave access, with what and since when.", Storage, LocalHost.ListAppsAsync),
        new("user revoke", ["NAME", "CLIENT_ID"], "Takes one client's access to a person back: no code or token of before works any more.", Storage, LocalHost.RevokeAppAsync),
        new("groups", [], "Lists the groups, each with the number of people in it. It reads all users.", Storage, LocalHost.ListGroupsAsync),
        new("groups members", ["GROUP"], "Lists the people in a group. It reads all users.", Storage, LocalHost.ListMembersAsync),
        new("indexes rebuild", [], "Writes the indexes of all users and consents at once, which the server does within hours: docs/operations.md.", Storage, LocalHost.RebuildIndexesAsync),
        new("clients check", ["CLIENT_ID"], "Says clause by clause whether a client meets FAPI 2.0: docs/fapi.md.",
        [
            .. Storage,
            new("--profile", "PROFILE", "fapi2_security or fapi2_message_signing; the client's own without this option"),
        ], LocalHost.CheckClientAsync),
        new("audit", [], "Shows what people, clients and operators did in the last hour, and why something failed: docs/operations.md.",
        [
            .. Storage,
            new("--since", "TIME", "how far back, such as 30m, 12h or 7d; 1h without this option"),
            new("--user", "NAME", "only what concerns this person: the username, or the verified email address"),
            new("--client", "ID", "only what concerns this client"),
            new("--event", "KIND", "only events of this kind, such as sign-in-failed"),
            new("--most", "N", "how many events are shown at most, the newest; 100 without this option"),
            new("--json", null, "one JSON object a line, for scripts"),
        ], LocalHost.ShowAuditAsync),
        new("tables save", ["FILE"], "Copies clients, scopes, users, consents and secrets of a storage account into a file: docs/operations.md.", Storage, LocalHost.SaveTablesAsync),
        new("tables restore", ["FILE"], "Writes what a copy has and the tables lack.", Storage, LocalHost.RestoreTablesAsync),
        new("registrations create", [], "Makes an initial access token, with which clients may be registered, and prints it this once: docs/registration.md.",
        [
            .. Storage,
            new("--uses", "N", "how often it may be used; 1 without this option"),
            new("--expires-in", "D", "how long it may be used; 1.00:00:00, a day, without this option"),
            new("--label", "TEXT", "what it is for"),
        ], LocalHost.CreateRegistrationAsync),
        new("registrations list", [], "Lists the initial access tokens.", Storage, LocalHost.ListRegistrationsAsync),
        new("registrations revoke", ["ID"], "Ends an initial access token.", Storage, LocalHost.RevokeRegistrationAsync),
        new("keys", [], "Shows the signing keys of `run`: what each does, since when, and what comes next.", [.. Keys, new("--json", null, "for scripts")], LocalHost.ShowKeysAsync),
        new("keys rotate", ["[rsa|ec]"], "Makes a new version of one key or of both now, and says when it will sign.", Keys, LocalHost.RotateKeysAsync),
        new("keys disable", ["KID"], "Says what it means to disable this version, and disables it.", [.. Keys, new("--force", null, "even if nothing can be signed then")], LocalHost.DisableKeyAsync),
        new("cost", [], "Says what a million logins, refreshes and so on cost in Azure, and from what that follows.",
        [
            new("--set", "NAME=VALUE", "a price or an assumption, as the command names them; can be repeated"),
        ], LocalHost.ShowCostAsync),
        new("bench", [], "Measures the server beside bare Kestrel and, with Node.js, oidc-provider and OpenAuth. It writes BENCHMARKS.md in half an hour.",
        [
            new("--quick", null, "a second each instead of several, into .local/BENCHMARKS.md: to try it"),
            new("--micro", null, "parts of a request by themselves, with BenchmarkDotNet"),
            new("--compare", null, "what a login and a token cost now, beside bench/baseline.json; fails where they cost more"),
            new("--baseline", null, "writes bench/baseline.json anew"),
        ], Bench.RunAsync),
        new("azure check", [], "Says before a deployment whether settings and import file are good. `azd up` runs it: docs/deploy.md.", [], Deployment.CheckAsync),
        new("azure welcome", [], "Imports the first clients and users after a deployment, and says where the server is. `azd up` runs it; by hand it says it again.", [], Deployment.WelcomeAsync),
        new("package", [], "Makes two zips for those who have no .NET SDK: the app as `azd deploy` would upload it, and the tools to deploy it and to import.",
        [
            new("--output", "FOLDER", "puts them there instead of artifacts/"),
        ], Release.PackageAsync),
        new("packages", [], "Says whether the package feed has all packages, or a stand-in from eng/standins takes the place of one.", [], ShowPackagesAsync),
    ];

    private static async Task<int> ShowPackagesAsync(Arguments _, CancellationToken stopping)
    {
        var missing = await Packages.FindAsync(stopping);
        Console.WriteLine(missing.Count == 0
            ? "Packages: the real ones."
            : $"Packages: the real ones, but for {string.Join(" and ", missing)}, which the package feed lacks. A stand-in from eng/standins takes its place. Delete .local/packages.props to ask the feed again.");
        return 0;
    }
}
