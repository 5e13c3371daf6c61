using FunctionsAuth.Dev.Tools;

namespace FunctionsAuth.Dev.Commands;

/// <summary>All commands and their help texts.</summary>
internal static class CommandList
{
    private static readonly Option[] Storage =
    [
        new("--connection", "CONNECTION-STRING", "the connection string of the storage account"),
        new("--account", "NAME", "or the name or URL of the storage account, which is opened with your own credential (az login)"),
        new("--table-prefix", "P", "a prefix for the name of each table"),
    ];

    private static readonly Option Setting = new("--set", "NAME=VALUE", "a setting of the server, such as --set Lifetimes:AccessToken=00:05:00; can be repeated");

    private static readonly Option[] Keys =
    [
        new("--vault", "URL", "the URL of a key vault, which is opened with your own credential (az login), instead of the keys of `run`; can be repeated"),
        new("--storage", "CONNECTION", "the storage account of wrapped keys: a connection string, or an https URL, which is opened with your own credential (az login)"),
        new("--table-prefix", "P", "a prefix for the name of each table"),
        Setting with { Help = "a setting of the server, such as --set Keys:Announce=2.00:00:00; can be repeated;\nuse --set Keys:Mode=local for the keys of `func start`" },
    ];

    public static IReadOnlyList<Command> All { get; } =
    [
        new("run", [], "Builds the server and runs it on this machine, with a sample user, sample clients and a demo page.\nThe data is in memory and is deleted when the server ends, unless --azurite or --storage is given.",
        [
            new("--port", "N", "the port; 7071 without this option"),
            new("--azurite", null, "keeps the data in Azurite; installs and starts Azurite if nothing listens on ports 10000 to 10002"),
            new("--storage", "ACCOUNT", "keeps the data in a storage account: a connection string, or a name or https URL, which is opened with your own credential (az login);\nthe signing keys stay in .local/keys on this machine"),
            new("--table-prefix", "P", "a prefix for the name of each table"),
            new("--https", null, "serves https with a self-signed certificate for localhost, which is created once and kept in .local/"),
            new("--cert", "PEM", "serves https with this certificate; requires --key"),
            new("--key", "PEM", "the private key of --cert"),
            new("--import", "FILE", "imports these clients and users instead of the samples"),
            new("--storage-latency", "MS", "a delay for each operation on tables in memory, in milliseconds; 5 is usual in Azure"),
            new("--signature-latency", "MS", "a delay for each signature, in milliseconds; 20 is usual for a key vault in Azure"),
            Setting,
        ], LocalHost.RunAsync),
        new("test", [], "Builds everything and runs all tests that can run on this machine. It lists the tests that it skipped, with the reason.",
        [
            new("--filter", "EXPRESSION", "only these .NET tests, in the syntax of `dotnet test --filter`, without tests/interop and tests/infra"),
            new("--as-built", null, "does not build first"),
            new("--no-interop", null, "without tests/interop (real OpenID Connect clients and the browser)"),
        ], Tests.RunAsync),
        new("func", [], "Publishes the app and runs it under `func start` (Azure Functions Core Tools), with Azurite and signing keys on this machine.\nThe settings are in local.settings.json, which is created if it is missing. If nothing listens on ports 10000 to 10002, Azurite is started.",
        [
            new("--port", "N", "the port, also for an issuer on localhost, instead of the port in local.settings.json"),
            new("--import", "FILE", "imports these clients and users instead of the samples"),
        ], FunctionsHost.RunAsync),
        new("import", ["FILE"], "Writes clients, scopes, resources and users to a storage account. You can run the same import again: it changes nothing then.", Storage, LocalHost.ImportAsync),
        new("user", ["NAME"], "Creates a user in a storage account and prints the password once. If the user exists, nothing changes.", Storage, LocalHost.MakeUserAsync),
        new("user list", [], "Lists accounts. This reads the rows of all users.",
        [
            .. Storage,
            new("--prefix", "TEXT", "only usernames with this beginning"),
            new("--most", "N", "the largest number of accounts to show; 1000 without this option"),
        ], LocalHost.ListUsersAsync),
        new("user invite", ["NAME", "EMAIL"], "Creates an account without a password, and a link with which the user chooses one: see docs/accounts.md.",
        [
            .. Storage,
            new("--url", "URL", "the public URL of the server, such as https://login.example.com; required"),
            new("--group", "GROUP", "adds the user to this group; can be repeated"),
            new("--mail", null, "the server sends the link by mail; without this option the link is printed"),
            new("--operator", "NAME", "the setting OperatorName of the server, for the text of the mail"),
        ], LocalHost.InviteAsync),
        new("user show", ["NAME"], "Shows an account: its subject, its groups, and whether the user can sign in.", Storage, LocalHost.ShowUserAsync),
        new("user disable", ["NAME"], "Disables an account: nobody can sign in to it, and all its sessions, codes and tokens stop working.", Storage, LocalHost.DisableUserAsync),
        new("user enable", ["NAME"], "Enables a disabled account: the user can sign in again. Sessions, codes and tokens from before stay invalid.", Storage, LocalHost.EnableUserAsync),
        new("user sign-out", ["NAME"], "Signs a user out everywhere: all sessions, codes and tokens stop working.", Storage, LocalHost.SignOutUserAsync),
        new("user reset-password", ["NAME"], "Sets a new password and prints it once. The user is signed out everywhere.", Storage, LocalHost.ResetPasswordAsync),
        new("user reset-factors", ["NAME"], "Removes the authenticator app, the recovery codes and the passkeys of a user who lost them. The password alone is then enough to sign in.", Storage, LocalHost.ResetFactorsAsync),
        new("user groups", ["NAME"], "Shows or changes the groups of a user.",
        [
            .. Storage,
            new("--add", "GROUP", "adds the user to this group; can be repeated"),
            new("--remove", "GROUP", "removes the user from this group; can be repeated"),
        ], LocalHost.ChangeUserGroupsAsync),
        new("user delete", ["NAME"], "Deletes an account. This cannot be undone. The account stops working at once, and the server removes the rest of the data within an hour.", Storage, LocalHost.DeleteUserAsync),
        new("user apps", ["NAME"], "Lists the clients to which a user gave access, with scopes and dates.", Storage, LocalHost.ListAppsAsync),
        new("user revoke", ["NAME", "CLIENT_ID"], "Revokes the access of one client to a user: all earlier codes and tokens stop working.", Storage, LocalHost.RevokeAppAsync),
        new("groups", [], "Lists the groups with the number of members. This reads the rows of all users.", Storage, LocalHost.ListGroupsAsync),
        new("groups members", ["GROUP"], "Lists the members of a group. This reads the rows of all users.", Storage, LocalHost.ListMembersAsync),
        new("indexes rebuild", [], "Rebuilds the indexes of all users and consents at once. Without this command, the server does it within hours: see docs/operations.md.", Storage, LocalHost.RebuildIndexesAsync),
        new("clients check", ["CLIENT_ID"], "Checks a client against each clause of FAPI 2.0: see docs/fapi.md.",
        [
            .. Storage,
            new("--profile", "PROFILE", "fapi2_security or fapi2_message_signing; without this option the profile of the client"),
        ], LocalHost.CheckClientAsync),
        new("audit", [], "Shows the events of users, clients and operators of the last hour, with the reasons of failures: see docs/operations.md.",
        [
            .. Storage,
            new("--since", "TIME", "how far to look back, such as 30m, 12h or 7d; 1h without this option"),
            new("--user", "NAME", "only events of this user: the username, or the verified email address"),
            new("--client", "ID", "only events of this client"),
            new("--event", "KIND", "only events of this kind, such as sign-in-failed"),
            new("--most", "N", "the largest number of events to show, newest first; 100 without this option"),
            new("--json", null, "prints one JSON object per line, for scripts"),
        ], LocalHost.ShowAuditAsync),
        new("tables save", ["FILE"], "Saves clients, scopes, users, consents and secrets of a storage account to a file: see docs/operations.md.", Storage, LocalHost.SaveTablesAsync),
        new("tables restore", ["FILE"], "Writes the rows of a copy that are missing in the tables.", Storage, LocalHost.RestoreTablesAsync),
        new("registrations create", [], "Creates an initial access token, which allows the registration of clients, and prints it once: see docs/registration.md.",
        [
            .. Storage,
            new("--uses", "N", "how many times it can be used; 1 without this option"),
            new("--expires-in", "D", "how long it is valid, as d.hh:mm:ss; 1.00:00:00, which is one day, without this option"),
            new("--label", "TEXT", "a note about the purpose of the token"),
        ], LocalHost.CreateRegistrationAsync),
        new("registrations list", [], "Lists the initial access tokens.", Storage, LocalHost.ListRegistrationsAsync),
        new("registrations revoke", ["ID"], "Revokes an initial access token.", Storage, LocalHost.RevokeRegistrationAsync),
        new("keys", [], "Shows the signing keys of `run`, with the state of each, since when, and its next change.", [.. Keys, new("--json", null, "prints JSON, for scripts")], LocalHost.ShowKeysAsync),
        new("keys rotate", ["[rsa|ec]"], "Creates a new version of one key or of both now, and says when it starts to sign.", Keys, LocalHost.RotateKeysAsync),
        new("keys disable", ["KID"], "Disables a key version and prints the consequences.", [.. Keys, new("--force", null, "disables it even if the server cannot sign then")], LocalHost.DisableKeyAsync),
        new("cost", [], "Shows what a million logins, refreshes and other flows cost in Azure, with the formulas and assumptions.",
        [
            new("--logins", "N", "shows which limits this number of logins per second meets"),
            new("--tokens", "N", "shows which limits this number of client tokens per second meets"),
            new("--set", "NAME=VALUE", "a price or an assumption, as the command names them; can be repeated"),
        ], LocalHost.ShowCostAsync),
        new("bench", [], "Compares the speed of the server with bare Kestrel and OpenIddict and, if Node.js is installed, with oidc-provider and OpenAuth. It takes half an hour and writes BENCHMARKS.md.",
        [
            new("--quick", null, "a short run of one second for each measurement, which writes .local/BENCHMARKS.md"),
            new("--micro", null, "measures single parts of a request, with BenchmarkDotNet"),
            new("--compare", null, "compares the cost of a login and of a token with bench/baseline.json; fails if it is higher"),
            new("--baseline", null, "writes a new bench/baseline.json"),
        ], Bench.RunAsync),
        new("azure check", [], "Checks the settings and the import file before a deployment. `azd up` runs it: see docs/deploy.md.", [], Deployment.CheckAsync),
        new("azure welcome", [], "Imports the first clients and users after a deployment, and prints the URL of the server. `azd up` runs it. You can run it again at any time.", [], Deployment.WelcomeAsync),
        new("package", [], "Creates two zip files for machines without a .NET SDK: the app as `azd deploy` uploads it, and the tools to deploy it and to import.",
        [
            new("--output", "FOLDER", "the folder for the files; artifacts/ without this option"),
        ], Release.PackageAsync),
        new("reference", [], "Writes docs/reference from the code: all settings, claims, endpoints, errors and events.", [], ReferencePages.WriteAsync),
        new("packages", [], "Shows whether the package feed has all packages, or which ones are replaced by a stand-in from eng/standins.", [], ShowPackagesAsync),
    ];

    private static async Task<int> ShowPackagesAsync(Arguments _, CancellationToken stopping)
    {
        var missing = await Packages.FindAsync(stopping);
        Console.WriteLine(missing.Count == 0
            ? "All packages come from the package feed."
            : $"The package feed does not have {string.Join(" and ", missing)}. Stand-ins from eng/standins are used instead. To ask the feed again, delete .local/packages.props.");
        return 0;
    }
}
