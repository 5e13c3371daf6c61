using FunctionsAuth.Dev.Tools;

namespace FunctionsAuth.Dev.Commands;

internal static class LocalHost
{
    public const string Project = "src/FunctionsAuth.LocalHost";

    public static string Assembly { get; } = Repository.PathOf("src", "FunctionsAuth.LocalHost", "bin", "Debug", "net10.0", "FunctionsAuth.LocalHost.dll");

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stopping)
    {
        var port = arguments.Port ?? 7071;
        if (Ports.IsTaken(port))
            throw new Problem($"Port {port} is in use; choose another with --port.");
        if (arguments.Has("--azurite") && arguments["--storage"] is not null)
            throw new Problem("Choose either --azurite or --storage.");
        var tls = Certificate.Of(arguments);
        if (arguments.Has("--azurite"))
            await Azurite.EnsureAsync(stopping);
        await BuildAsync(stopping);

        List<string> command = [Assembly, "run", "--url", $"{(tls is null ? "http" : "https")}://localhost:{port}", "--keys", Repository.Local("keys")];
        command.AddRange(["--storage", arguments.Has("--azurite") ? Azurite.DevelopmentStorage : arguments["--storage"] ?? "memory"]);
        if (tls is { } pem)
        {
            Console.WriteLine($"Certificate: {pem.Certificate}");
            command.AddRange(["--cert", pem.Certificate, "--key", pem.Key]);
        }
        if (arguments["--import"] is { } import)
            command.AddRange(["--import", Path.GetFullPath(import)]);
        command.AddRange(arguments.Typed("--table-prefix", "--storage-latency", "--signature-latency", "--set"));
        return await Child.RunAsync(Sdk.Path, command, stopping);
    }

    public static async Task<int> ImportAsync(Arguments arguments, CancellationToken stopping)
    {
        var storage = StorageOf("import", arguments);
        await BuildAsync(stopping);
        return await RunAsync(["import", Path.GetFullPath(arguments.Operands[0]), .. storage], stopping);
    }

    public static async Task<int> MakeUserAsync(Arguments arguments, CancellationToken stopping)
    {
        var storage = StorageOf("user", arguments);
        await BuildAsync(stopping);
        return await RunAsync(["user", .. storage, "--", arguments.Operands[0]], stopping);
    }

    public static Task<int> ShowUserAsync(Arguments arguments, CancellationToken stopping) => UsersAsync("show", arguments, stopping);

    public static Task<int> DisableUserAsync(Arguments arguments, CancellationToken stopping) => UsersAsync("disable", arguments, stopping);

    public static Task<int> EnableUserAsync(Arguments arguments, CancellationToken stopping) => UsersAsync("enable", arguments, stopping);

    public static Task<int> SignOutUserAsync(Arguments arguments, CancellationToken stopping) => UsersAsync("sign-out", arguments, stopping);

    public static Task<int> ResetPasswordAsync(Arguments arguments, CancellationToken stopping) => UsersAsync("reset-password", arguments, stopping);

    public static Task<int> ResetFactorsAsync(Arguments arguments, CancellationToken stopping) => UsersAsync("reset-factors", arguments, stopping);

    public static Task<int> InviteAsync(Arguments arguments, CancellationToken stopping) => UsersAsync("invite", arguments, stopping);

    public static Task<int> ListAppsAsync(Arguments arguments, CancellationToken stopping) => UsersAsync("apps", arguments, stopping);

    public static Task<int> RevokeAppAsync(Arguments arguments, CancellationToken stopping) => UsersAsync("revoke", arguments, stopping);

    public static Task<int> DeleteUserAsync(Arguments arguments, CancellationToken stopping) => UsersAsync("delete", arguments, stopping);

    public static Task<int> ChangeUserGroupsAsync(Arguments arguments, CancellationToken stopping) => UsersAsync("groups", arguments, stopping);

    public static Task<int> ListUsersAsync(Arguments arguments, CancellationToken stopping) => UsersAsync("list", arguments, stopping);

    public static Task<int> ListGroupsAsync(Arguments arguments, CancellationToken stopping) => GroupsAsync("list", arguments, stopping);

    public static Task<int> ListMembersAsync(Arguments arguments, CancellationToken stopping) => GroupsAsync("members", arguments, stopping);

    public static async Task<int> RebuildIndexesAsync(Arguments arguments, CancellationToken stopping)
    {
        var storage = StorageOf("indexes", arguments);
        await BuildAsync(stopping);
        return await RunAsync(["indexes", "rebuild", .. storage], stopping);
    }

    public static async Task<int> CheckClientAsync(Arguments arguments, CancellationToken stopping)
    {
        var storage = StorageOf("clients", arguments);
        await BuildAsync(stopping);
        return await RunAsync(["clients", "check", .. storage, .. arguments.Typed("--profile"), "--", .. arguments.Operands], stopping);
    }

    private static async Task<int> GroupsAsync(string action, Arguments arguments, CancellationToken stopping)
    {
        var storage = StorageOf("groups", arguments);
        await BuildAsync(stopping);
        return await RunAsync(["groups", action, .. storage, "--", .. arguments.Operands], stopping);
    }

    private static async Task<int> UsersAsync(string action, Arguments arguments, CancellationToken stopping)
    {
        var storage = StorageOf("user", arguments);
        await BuildAsync(stopping);
        return await RunAsync(["users", action, .. storage, .. arguments.Typed("--prefix", "--most", "--add", "--remove", "--url", "--group", "--operator", "--mail"), "--", .. arguments.Operands], stopping);
    }

    public static async Task<int> ShowAuditAsync(Arguments arguments, CancellationToken stopping)
    {
        var storage = StorageOf("audit", arguments);
        await BuildAsync(stopping);
        return await RunAsync(["audit", .. storage, .. arguments.Typed("--since", "--user", "--client", "--event", "--most", "--json")], stopping);
    }

    public static Task<int> SaveTablesAsync(Arguments arguments, CancellationToken stopping) => CopyTablesAsync("save", arguments, stopping);

    public static Task<int> RestoreTablesAsync(Arguments arguments, CancellationToken stopping) => CopyTablesAsync("restore", arguments, stopping);

    private static async Task<int> CopyTablesAsync(string action, Arguments arguments, CancellationToken stopping)
    {
        var storage = StorageOf("tables", arguments);
        await BuildAsync(stopping);
        return await RunAsync(["tables", action, .. storage, "--", Path.GetFullPath(arguments.Operands[0])], stopping);
    }

    public static Task<int> CreateRegistrationAsync(Arguments arguments, CancellationToken stopping) => RegistrationsAsync("create", arguments, stopping);

    public static Task<int> ListRegistrationsAsync(Arguments arguments, CancellationToken stopping) => RegistrationsAsync("list", arguments, stopping);

    public static Task<int> RevokeRegistrationAsync(Arguments arguments, CancellationToken stopping) => RegistrationsAsync("revoke", arguments, stopping);

    private static async Task<int> RegistrationsAsync(string action, Arguments arguments, CancellationToken stopping)
    {
        var storage = StorageOf("registrations", arguments);
        await BuildAsync(stopping);
        return await RunAsync(["registrations", action, .. storage, .. arguments.Typed("--uses", "--expires-in", "--label"), "--", .. arguments.Operands], stopping);
    }

    public static async Task<int> ShowCostAsync(Arguments arguments, CancellationToken stopping)
    {
        await BuildAsync(stopping);
        return await RunAsync(["cost", .. arguments.Typed("--set"), .. arguments.Typed("--logins"), .. arguments.Typed("--tokens")], stopping);
    }

    /// <summary>Runs LocalHost without building it. Call <see cref="BuildAsync"/> first.</summary>
    public static Task<int> RunAsync(IEnumerable<string> command, CancellationToken stopping) => Child.RunAsync(Sdk.Path, [Assembly, .. command], stopping);

    public static Task BuildAsync(CancellationToken stopping) => Sdk.BuildAsync(Project, stopping);

    private static string[] StorageOf(string command, Arguments arguments)
    {
        var storage = (arguments["--connection"], arguments["--account"]) switch
        {
            ({ } connection, null) => connection,
            (null, { } account) => account.Contains("://", StringComparison.Ordinal) ? account : $"https://{account}.table.core.windows.net",
            _ => throw new Problem($"{command} needs either --connection with a storage account's connection string, or --account with its name to use your own credential."),
        };
        return ["--storage", storage, .. arguments.Typed("--table-prefix")];
    }

    public static Task<int> ShowKeysAsync(Arguments arguments, CancellationToken stopping) => KeysAsync([], arguments, stopping);

    public static Task<int> RotateKeysAsync(Arguments arguments, CancellationToken stopping) => KeysAsync(["rotate"], arguments, stopping);

    public static Task<int> DisableKeyAsync(Arguments arguments, CancellationToken stopping) => KeysAsync(["disable"], arguments, stopping);

    private static async Task<int> KeysAsync(string[] action, Arguments arguments, CancellationToken stopping)
    {
        await BuildAsync(stopping);
        // With Keys:Mode local, the server's own setting names the folder of the keys.
        var areElsewhere = arguments["--vault"] is not null || arguments.All("--set").Contains("Keys:Mode=local", StringComparer.OrdinalIgnoreCase);
        string[] folder = areElsewhere ? [] : ["--keys", Repository.Local("keys")];
        var options = arguments.Typed("--vault", "--storage", "--table-prefix", "--set", "--json", "--force");
        // Words after two hyphens are not options, even if they begin with a hyphen.
        return await RunAsync(["keys", .. action, .. folder, .. options, "--", .. arguments.Operands], stopping);
    }
}
