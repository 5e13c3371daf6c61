#!/usr/bin/env dotnet
#:property PublishAot=false

// Builds, runs and tests FunctionsAuth, the same on Linux, macOS and Windows: `dotnet dev.cs help`.
// It needs the .NET SDK and no package, so that it can still speak when packages can't be restored.
// From top to bottom: the commands, then what they are made of (packages, LocalHost, Azurite, certificate, tests, processes).

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

using var stopping = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

try
{
    return await Commands.RunAsync(args, stopping.Token);
}
catch (Problem problem)
{
    await Console.Error.WriteLineAsync(problem.Message);
    return problem.ExitCode;
}
catch (OperationCanceledException)
{
    return 130;
}
finally
{
    Child.StopAll();
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true; // the command stops its children first
    stopping.Cancel();
}

static class Commands
{
    private const string HelpText = """
        dotnet dev.cs COMMAND [options]

          run       builds the server and runs it on this machine, with a sample user, sample clients and a demo page
            --port N              listens there (7071)
            --azurite             keeps the data in Azurite, which is installed and started if none listens on port 10002;
                                  otherwise tables are in memory and end with the server
            --https               serves https with a certificate for localhost, made on the spot and kept in .local/
            --cert PEM --key PEM  serves https with this certificate
            --import FILE         these clients and users instead of the samples
            --storage-latency MS --signature-latency MS
                                  as slow as tables and keys far away: 5 and 20 are usual in Azure; for tables in memory
            --set Name=value      any setting, such as --set Lifetimes:AccessToken=00:05:00; can be repeated

          test      builds everything and runs every test that can run here; says what it skipped and why
            --filter EXPRESSION   only these .NET tests, as `dotnet test --filter` takes it; no interop tests
            --no-interop          without tests/interop (real OpenID Connect clients and the browser)

          func      publishes the app and runs it under `func start` (Azure Functions Core Tools) with Azurite
            --port N              listens there (7071)

          import FILE STORAGE
                    writes clients, scopes, resources and users to a storage account; doing it twice changes nothing
                    STORAGE is --connection CONNECTION-STRING, or --account NAME to use your own credential (az login),
                    and maybe --table-prefix P

          user NAME STORAGE
                    makes a user, unless that name is taken, and prints the password this once

          tables save|restore FILE STORAGE
                    copies clients, scopes, users, consents and secrets into a file, and writes what is missing back
                    (docs/operations.md)

          registrations create|list|revoke ID STORAGE
                    initial access tokens, with which clients may be registered (docs/registration.md); create takes
                    --uses N (1), --expires-in D (1.00:00:00) and --label TEXT, and prints the token this once

          keys      shows the signing keys of `run`: what each does, since when, and what comes next
            rotate [rsa|ec]       makes a new version now, of both without it, and says when it will sign
            disable KID [--force] says what that means and disables one version; --force if nothing can be signed then
            --vault URL           the keys of a key vault instead, with your own credential; can be repeated
            --storage CONNECTION  wrapped keys, too: a connection string, or the https URL of an account for your own credential;
                                  with --set Keys:Mode=wrapped, and --table-prefix P if the tables have one
            --set Name=value      any setting of the server, such as --set Keys:Announce=2.00:00:00; can be repeated
            --json                for scripts

          cost      what a million logins, refreshes and so on cost in Azure, and from what that follows
            --set name=value      a price or an assumption, as the command names them; can be repeated

          bench     measures the server beside bare Kestrel and, with Node.js, oidc-provider and OpenAuth; writes BENCHMARKS.md in half an hour
            --quick               a second each instead of several, into .local/BENCHMARKS.md: to try it
            --micro               parts of a request by themselves, with BenchmarkDotNet

          azure     what `azd up` runs: docs/deploy.md
            check                 says before a deployment whether settings and import file are good
            welcome               imports the first clients and users after it, and says where the server is

          packages  says whether the package feed has all packages, or a stand-in from eng/standins takes the place of one

          help      this text
        """;

    public static Task<int> RunAsync(string[] args, CancellationToken stopping) => args switch
    {
        ["run", .. var rest] => LocalHost.RunAsync(Arguments.Parse(rest, ["--port", "--cert", "--key", "--import", "--storage-latency", "--signature-latency", "--set"], ["--azurite", "--https"]), stopping),
        ["test", .. var rest] => Tests.RunAsync(Arguments.Parse(rest, ["--filter"], ["--no-interop"]), stopping),
        ["func", .. var rest] => FunctionsHost.RunAsync(Arguments.Parse(rest, ["--port"], []), stopping),
        ["import", .. var rest] => LocalHost.ImportAsync(Arguments.Parse(rest, LocalHost.StorageOptions, [], operands: 1), stopping),
        ["user", .. var rest] => LocalHost.MakeUserAsync(Arguments.Parse(rest, LocalHost.StorageOptions, [], operands: 1), stopping),
        ["cost", .. var rest] => LocalHost.ShowCostAsync(Arguments.Parse(rest, ["--set"], []), stopping),
        ["tables", "save", .. var rest] => LocalHost.CopyTablesAsync("save", Arguments.Parse(rest, LocalHost.StorageOptions, [], operands: 1), stopping),
        ["tables", "restore", .. var rest] => LocalHost.CopyTablesAsync("restore", Arguments.Parse(rest, LocalHost.StorageOptions, [], operands: 1), stopping),
        ["bench", .. var rest] => Bench.RunAsync(Arguments.Parse(rest, [], ["--quick", "--micro"]), stopping),
        ["azure", "check", .. var rest] => Deployment.CheckAsync(Arguments.Parse(rest, [], []), stopping),
        ["azure", "welcome", .. var rest] => Deployment.WelcomeAsync(Arguments.Parse(rest, [], []), stopping),
        ["registrations", "create", .. var rest] => LocalHost.RegistrationsAsync("create", Arguments.Parse(rest, LocalHost.RegistrationOptions, []), stopping),
        ["registrations", "list", .. var rest] => LocalHost.RegistrationsAsync("list", Arguments.Parse(rest, LocalHost.StorageOptions, []), stopping),
        ["registrations", "revoke", .. var rest] => LocalHost.RegistrationsAsync("revoke", Arguments.Parse(rest, LocalHost.StorageOptions, [], operands: 1), stopping),
        ["keys", "rotate", .. var rest] => LocalHost.KeysAsync("rotate", Arguments.Parse(rest, LocalHost.KeyOptions, [], optional: 1), stopping),
        ["keys", "disable", .. var rest] => LocalHost.KeysAsync("disable", Arguments.Parse(rest, LocalHost.KeyOptions, ["--force"], operands: 1), stopping),
        ["keys", .. var rest] => LocalHost.KeysAsync(null, Arguments.Parse(rest, LocalHost.KeyOptions, ["--json"]), stopping),
        ["packages", .. var rest] => ShowPackagesAsync(Arguments.Parse(rest, [], []), stopping),
        ["help"] or [] => Task.FromResult(Help()),
        [var unknown, ..] => throw new Problem($"There is no command {unknown}. `dotnet dev.cs help` lists the commands."),
    };

    private static int Help()
    {
        Console.WriteLine(HelpText);
        return 0;
    }

    private static async Task<int> ShowPackagesAsync(Arguments _, CancellationToken stopping)
    {
        var missing = await Packages.FindAsync(stopping);
        Console.WriteLine(missing.Count == 0
            ? "Packages: the real ones."
            : $"Packages: the real ones, but for {string.Join(" and ", missing)}, which the package feed lacks. A stand-in from eng/standins takes its place. Delete .local/packages.props to ask the feed again.");
        return 0;
    }
}

/// <summary>What a person can put right: one sentence on stderr, no stack trace.</summary>
sealed class Problem(string message, int exitCode = 2) : Exception(message)
{
    public int ExitCode => exitCode;
}

sealed class Arguments
{
    private readonly List<KeyValuePair<string, string>> values = [];
    private readonly HashSet<string> flags = [];

    public List<string> Operands { get; } = [];

    public bool Has(string flag) => flags.Contains(flag);

    public IEnumerable<string> All(string name) => values.Where(pair => pair.Key == name).Select(pair => pair.Value);

    public string? this[string name] => All(name).LastOrDefault();

    public int? Port => this["--port"] is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535 ? port
        : throw new Problem($"--port must be a number between 1 and 65535; it is {text}.");

    public static Arguments Parse(IEnumerable<string> args, string[] withValue, string[] withoutValue, int operands = 0, int optional = 0)
    {
        var parsed = new Arguments();
        var rest = new Queue<string>(args);
        while (rest.TryDequeue(out var arg))
        {
            var parts = arg.Split('=', 2);
            if (withValue.Contains(parts[0]))
                parsed.values.Add(new(parts[0], parts.Length == 2 ? parts[1] : rest.TryDequeue(out var next) ? next : throw new Problem($"{arg} needs a value.")));
            else if (withoutValue.Contains(arg))
                parsed.flags.Add(arg);
            else if ((!arg.StartsWith('-') || IsKid(arg)) && parsed.Operands.Count < operands + optional)
                parsed.Operands.Add(arg);
            else
                throw new Problem($"{arg} is not understood here. `dotnet dev.cs help` lists the options.");
        }
        return parsed.Operands.Count >= operands ? parsed : throw new Problem("Something is missing here. `dotnet dev.cs help` shows what to write.");
    }

    /// <summary>A SHA-256 in base64url: one of 64 begins with a hyphen.</summary>
    private static bool IsKid(string arg) => arg.Length == 43;
}

static class Repository
{
    /// <summary>The folder that this file stands in, wherever it is called from.</summary>
    public static string Root { get; } = AppContext.GetData("EntryPointFileDirectoryPath") as string ?? Directory.GetCurrentDirectory();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Keys, a certificate, Azurite and its data: of this machine, and not in git.</summary>
    public static string Local(params string[] parts)
    {
        Directory.CreateDirectory(PathOf(".local"));
        return PathOf([".local", .. parts]);
    }
}

static partial class Sdk
{
    private static readonly Version Least = new(10, 0, 100);

    /// <summary>The dotnet that runs this program.</summary>
    public static string Path { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public static async Task CheckAsync(CancellationToken stopping)
    {
        var version = (await Child.CaptureAsync(Path, ["--version"], stopping)).Output.Trim();
        var isPreview = version.Contains('-', StringComparison.Ordinal);
        if (!Version.TryParse(version.Split('-')[0], out var parsed) || parsed < Least || (parsed == Least && isPreview))
            throw new Problem($"This needs the .NET SDK {Least} or newer, and `dotnet --version` says {version}.");
    }

    public static async Task BuildAsync(string what, CancellationToken stopping)
    {
        await CheckAsync(stopping);
        await Packages.FindAsync(stopping);
        var build = await Child.CaptureAsync(Path, ["build", Repository.PathOf(what), "-v", "quiet", "--nologo"], stopping);
        if (build.ExitCode != 0)
            throw new Problem($"{build.Output}\n{what} can't be built.", exitCode: 1);
    }
}

/// <summary>Which packages the feed lacks. A project in eng/standins takes the place of each, in every build of this checkout.</summary>
static partial class Packages
{
    // Directory.Build.props imports it.
    private static string Found => Repository.Local("packages.props");

    /// <summary>Asks the feed, unless it was asked for the same versions before.</summary>
    /// <returns>The missing packages.</returns>
    public static async Task<IReadOnlyList<string>> FindAsync(CancellationToken stopping)
    {
        var versions = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Repository.PathOf("Directory.Packages.props"), stopping)));
        if (File.Exists(Found) && XDocument.Load(Found).Root is { } known && known.Attribute("Label")?.Value == versions)
            return [.. (known.Descendants("UseStandIns").SingleOrDefault()?.Value ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries)];

        File.Delete(Found);
        var missing = await AskFeedAsync(stopping);
        var found = new XElement("Project", new XAttribute("Label", versions), new XElement("PropertyGroup", new XElement("UseStandIns", string.Join(';', missing))));
        await File.WriteAllTextAsync(Found, $"{found}\n", stopping);
        return missing;
    }

    private static async Task<List<string>> AskFeedAsync(CancellationToken stopping)
    {
        // Its own folder: what a build has restored stays as it is.
        var probe = Repository.Local("probe");
        var restore = await Child.CaptureAsync(
            Sdk.Path, ["restore", Repository.PathOf("src", "FunctionsAuth"), "-v", "quiet", "--nologo", $"-p:ArtifactsPath={probe}"], stopping);
        if (Directory.Exists(probe))
            Directory.Delete(probe, recursive: true);
        if (restore.ExitCode == 0)
            return [];
        var missing = NotFound().Matches(restore.Output).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal).ToList();
        if (missing.Count > 0 && missing.All(name => Directory.Exists(Repository.PathOf("eng", "standins", name))))
            return missing;
        throw restore.Output.Contains("NU1301", StringComparison.Ordinal)
            ? new Problem("No package can be restored because the package feed does not answer; check the network and start again.")
            : new Problem($"{restore.Output}\nThe packages can't be restored.", exitCode: 1);
    }

    [GeneratedRegex(@"NU110[12]: Unable to find package (\S+?)\.?(?= |$)", RegexOptions.Multiline)]
    private static partial Regex NotFound();
}

static class LocalHost
{
    public static readonly string[] KeyOptions = ["--vault", "--storage", "--table-prefix", "--set"];
    public static readonly string[] StorageOptions = ["--connection", "--account", "--table-prefix"];
    public static readonly string[] RegistrationOptions = [.. StorageOptions, "--uses", "--expires-in", "--label"];

    private const string Project = "src/FunctionsAuth.LocalHost";

    public static string Assembly { get; } = Repository.PathOf("src", "FunctionsAuth.LocalHost", "bin", "Debug", "net10.0", "FunctionsAuth.LocalHost.dll");

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stopping)
    {
        var port = arguments.Port ?? 7071;
        if (Ports.IsTaken(port))
            throw new Problem($"Port {port} is in use; choose another with --port.");
        var tls = Certificate.Of(arguments);
        if (arguments.Has("--azurite"))
            await Azurite.EnsureAsync(Azurite.Tables, stopping);
        await Sdk.BuildAsync(Project, stopping);

        List<string> command = [Assembly, "run", "--url", $"{(tls is null ? "http" : "https")}://localhost:{port}", "--keys", Repository.Local("keys")];
        command.AddRange(["--storage", arguments.Has("--azurite") ? Azurite.DevelopmentStorage : "memory"]);
        if (tls is { } pem)
        {
            Console.WriteLine($"Certificate: {pem.Certificate}");
            command.AddRange(["--cert", pem.Certificate, "--key", pem.Key]);
        }
        if (arguments["--import"] is { } import)
            command.AddRange(["--import", Path.GetFullPath(import)]);
        foreach (var option in (string[])["--storage-latency", "--signature-latency", "--set"])
            command.AddRange(arguments.All(option).SelectMany(value => (string[])[option, value]));
        return await Child.RunAsync(Sdk.Path, command, stopping);
    }

    public static async Task<int> ImportAsync(Arguments arguments, CancellationToken stopping)
    {
        var storage = StorageOf("import", arguments);
        await Sdk.BuildAsync(Project, stopping);
        return await RunAsync(["import", Path.GetFullPath(arguments.Operands[0]), .. storage], stopping);
    }

    public static async Task<int> MakeUserAsync(Arguments arguments, CancellationToken stopping)
    {
        var storage = StorageOf("user", arguments);
        await Sdk.BuildAsync(Project, stopping);
        return await RunAsync(["user", .. storage, "--", arguments.Operands[0]], stopping);
    }

    public static async Task<int> CopyTablesAsync(string action, Arguments arguments, CancellationToken stopping)
    {
        var storage = StorageOf("tables", arguments);
        await Sdk.BuildAsync(Project, stopping);
        return await RunAsync(["tables", action, .. storage, "--", Path.GetFullPath(arguments.Operands[0])], stopping);
    }

    public static async Task<int> RegistrationsAsync(string action, Arguments arguments, CancellationToken stopping)
    {
        List<string> command = ["registrations", action, .. StorageOf("registrations", arguments)];
        await Sdk.BuildAsync(Project, stopping);
        foreach (var option in RegistrationOptions.Except(StorageOptions))
            command.AddRange(arguments.All(option).SelectMany(value => (string[])[option, value]));
        return await RunAsync([.. command, "--", .. arguments.Operands], stopping);
    }

    public static async Task<int> ShowCostAsync(Arguments arguments, CancellationToken stopping)
    {
        await Sdk.BuildAsync(Project, stopping);
        return await RunAsync(["cost", .. arguments.All("--set").SelectMany(value => (string[])["--set", value])], stopping);
    }

    /// <summary>Builds nothing: <see cref="BuildAsync"/> comes before.</summary>
    public static Task<int> RunAsync(IEnumerable<string> command, CancellationToken stopping) => Child.RunAsync(Sdk.Path, [Assembly, .. command], stopping);

    public static async Task BuildAsync(CancellationToken stopping) => await Sdk.BuildAsync(Project, stopping);

    private static string[] StorageOf(string command, Arguments arguments)
    {
        var storage = (arguments["--connection"], arguments["--account"]) switch
        {
            ({ } connection, null) => connection,
            (null, { } account) => account.Contains("://", StringComparison.Ordinal) ? account : $"https://{account}.table.core.windows.net",
            _ => throw new Problem($"{command} needs either --connection with a storage account's connection string, or --account with its name to use your own credential."),
        };
        return arguments["--table-prefix"] is { } prefix ? ["--storage", storage, "--table-prefix", prefix] : ["--storage", storage];
    }

    /// <param name="action">What is done with them; null to show them.</param>
    public static async Task<int> KeysAsync(string? action, Arguments arguments, CancellationToken stopping)
    {
        await Sdk.BuildAsync(Project, stopping);
        List<string> command = action is null ? [Assembly, "keys"] : [Assembly, "keys", action];
        if (arguments["--vault"] is null)
            command.AddRange(["--keys", Repository.Local("keys")]);
        foreach (var option in KeyOptions)
            command.AddRange(arguments.All(option).SelectMany(value => (string[])[option, value]));
        command.AddRange(((string[])["--json", "--force"]).Where(arguments.Has));
        // What follows is no option, whatever it begins with.
        return await Child.RunAsync(Sdk.Path, [.. command, "--", .. arguments.Operands], stopping);
    }
}

/// <summary>
/// What the hooks in azure.yaml run. azd puts the outputs of infra/main.bicep, and what `azd env set` stored, into the environment.
/// </summary>
static class Deployment
{
    // As unknown before a deployment as they are irrelevant to what an operator sets.
    private static readonly string[] Placeholders =
        ["--set", "Issuer=https://issuer.example", "--set", "Storage:AccountUri=https://account.example", "--set", "Vault:Uri=https://vault.example"];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static string? Import => Variable("FUNCTIONSAUTH_IMPORT") is { } file ? Path.GetFullPath(file, Repository.Root) : null;

    public static async Task<int> CheckAsync(Arguments _, CancellationToken stopping)
    {
        List<string> command = ["check", .. Placeholders];
        foreach (var (name, value) in Settings())
            command.AddRange(["--set", $"{name}={value}"]);
        if (Import is { } file)
            command.AddRange(["--import", file]);
        if (await Packages.FindAsync(stopping) is { Count: > 0 } missing)
            throw new Problem($"The app can't be published from here, because this machine's package feed lacks {string.Join(" and ", missing)}.");
        await LocalHost.BuildAsync(stopping);
        return await LocalHost.RunAsync(command, stopping);
    }

    public static async Task<int> WelcomeAsync(Arguments _, CancellationToken stopping)
    {
        var issuer = Output("SERVICE_FUNCTIONSAUTH_ISSUER");
        string[] storage = ["--storage", Output("SERVICE_FUNCTIONSAUTH_TABLES"), "--wait"];
        var user = Variable("FUNCTIONSAUTH_FIRST_USER");
        if (Import is not null || user is not null)
            await LocalHost.BuildAsync(stopping);
        var failed = Import is { } file && await LocalHost.RunAsync(["import", file, .. storage], stopping) != 0;
        if (!failed && user is not null)
            failed = await LocalHost.RunAsync(["user", .. storage, "--", user], stopping) != 0;
        if (failed)
            throw new Problem("The app is deployed, but the import did not succeed. Mend it and run `azd hooks run postdeploy`.", exitCode: 1);
        if (Import is null)
            Console.WriteLine("No clients were imported: `azd env set FUNCTIONSAUTH_IMPORT my-clients.json`, and `azd hooks run postdeploy`.");
        var isReady = await IsReadyAsync(new Uri(new Uri(issuer), "/health/ready"), stopping);
        Console.WriteLine($"\nIssuer    {issuer}\nMetadata  {issuer.TrimEnd('/')}/.well-known/openid-configuration");
        if (!isReady)
            Console.WriteLine($"It is not ready yet. A new host name takes up to an hour until everybody knows it; {new Uri(new Uri(issuer), "/health/ready")} says what is missing.");
        return 0;
    }

    private static async Task<bool> IsReadyAsync(Uri check, CancellationToken stopping)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(40) }; // a cold start takes up to 30
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < Patience; await Task.Delay(TimeSpan.FromSeconds(5), stopping))
        {
            try
            {
                using var answer = await client.GetAsync(check, stopping);
                if (answer.IsSuccessStatusCode)
                    return true;
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !stopping.IsCancellationRequested)
            {
                // Not there yet.
            }
        }
        return false;
    }

    private static IEnumerable<(string Name, string Value)> Settings()
    {
        if (Variable("FUNCTIONSAUTH_SETTINGS") is not { } json)
            return [];
        try
        {
            using var settings = JsonDocument.Parse(json);
            // OpenTelemetry's variables are not the server's own.
            return [.. settings.RootElement.EnumerateObject().Where(setting => !setting.Name.StartsWith("OTEL_", StringComparison.Ordinal)).Select(setting => (setting.Name, setting.Value.ToString()))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new Problem("""FUNCTIONSAUTH_SETTINGS must be a JSON object, such as {"Lifetimes__AccessToken":"00:10:00"}.""");
        }
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static string Output(string name) =>
        Variable(name) ?? throw new Problem($"{name} is not set. `azd up` runs this command; by hand it is `azd hooks run postdeploy`.");
}

static class FunctionsHost
{
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stopping)
    {
        var func = Programs.Find("func")
            ?? throw new Problem("Azure Functions Core Tools are not on the PATH; install them with `npm install -g azure-functions-core-tools@4`.");
        var settings = Repository.PathOf("local.settings.json");
        if (!File.Exists(settings))
            throw new Problem("There is no local.settings.json; copy local.settings.sample.json to that name and put your key vault's address into it.");
        await Sdk.CheckAsync(stopping);
        await Packages.FindAsync(stopping);
        var output = Repository.Local("publish");
        var publish = await Child.CaptureAsync(Sdk.Path, ["publish", Repository.PathOf("src", "FunctionsAuth"), "-c", "Release", "-p:ForAzure=false", "-p:OnlyMeasured=true", "-v", "quiet", "--nologo", "-o", output], stopping);
        if (publish.ExitCode != 0)
            throw new Problem($"{publish.Output}\nThe app can't be published.", exitCode: 1);
        File.Copy(settings, Path.Combine(output, "local.settings.json"), overwrite: true);
        await Azurite.EnsureAsync(Azurite.Everything, stopping); // the host's timers keep their locks in blobs
        return await Child.RunAsync(func, ["start", "--port", $"{arguments.Port ?? 7071}"], stopping, workingDirectory: output);
    }
}

/// <summary>bench/, published as the product is: compiled ahead, for this machine.</summary>
static class Bench
{
    private static readonly string Peers = Repository.PathOf("bench", "peers");

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stopping)
    {
        await Sdk.CheckAsync(stopping);
        await Packages.FindAsync(stopping);
        var output = Repository.Local("bench");
        var publish = await Child.CaptureAsync(
            Sdk.Path,
            [
                "publish", Repository.PathOf("bench", "FunctionsAuth.Bench"), "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false",
                "-p:PublishReadyToRun=true", "-p:ForAzure=false", "-v", "quiet", "--nologo", "-o", output,
            ],
            stopping);
        if (publish.ExitCode != 0)
            throw new Problem($"{publish.Output}\nbench can't be published.", exitCode: 1);
        var program = Path.Combine(output, "FunctionsAuth.Bench.dll");
        if (arguments.Has("--micro"))
            return await Child.RunAsync(Sdk.Path, [program, "micro"], stopping);

        List<string> command = [program, "all", "--notes", Repository.PathOf("bench", "notes.md")];
        command.AddRange(["--file", arguments.Has("--quick") ? Repository.Local("BENCHMARKS.md") : Repository.PathOf("BENCHMARKS.md")]);
        if (arguments.Has("--quick"))
            command.Add("--quick");
        if (Programs.Find("node") is not null && Programs.Find("npm") is { } npm)
        {
            await InstallPeersAsync(npm, stopping);
            command.AddRange(["--peers", Peers]);
        }
        else
        {
            Console.WriteLine("Without peers, because Node.js or npm is not on the PATH.");
        }
        return await Child.RunAsync(Sdk.Path, command, stopping);
    }

    private static async Task InstallPeersAsync(string npm, CancellationToken stopping)
    {
        foreach (var peer in Directory.EnumerateDirectories(Peers))
        {
            if ((await Child.CaptureAsync(npm, ["ci", "--no-fund", "--no-audit", "--loglevel=error"], stopping, peer)).ExitCode != 0)
                Console.WriteLine($"Without {Path.GetFileName(peer)}: its package can't be installed.");
        }
    }
}

/// <summary>Microsoft's emulator of Azure Storage, from npm.</summary>
static class Azurite
{
    public const string DevelopmentStorage = "UseDevelopmentStorage=true";

    /// <summary>Its entry points, and the default port that tells whether it runs already.</summary>
    public static readonly (string Script, int Port) Tables = ("table/main.js", 10002);
    public static readonly (string Script, int Port) Everything = ("azurite.js", 10000);

    private const string PinnedVersion = "3.35.0";

    // The account that every emulator has; it is public.
    private const string Account = "devstoreaccount1";
    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static string Home => Repository.Local("azurite");

    /// <summary>One listens on the default port: another program's, or ours, which ends with this program.</summary>
    public static async Task EnsureAsync((string Script, int Port) entry, CancellationToken stopping)
    {
        if (await Ports.AnswersAsync(entry.Port, stopping))
        {
            Console.WriteLine($"Azurite: using the one on port {entry.Port}.");
            return;
        }
        await InstallAsync("--azurite", stopping);
        await StartAsync(entry.Script, ["--location", Repository.Local("azurite-data")], entry.Port, stopping);
        Console.WriteLine("Azurite: started; its data is in .local/azurite-data.");
    }

    /// <summary>One for tests: tables only, in memory, on a free port.</summary>
    /// <returns>Its connection string.</returns>
    public static async Task<string> StartForTestsAsync(CancellationToken stopping)
    {
        await InstallAsync("Azurite", stopping);
        var port = Ports.FindFree();
        await StartAsync(Tables.Script, ["--inMemoryPersistence", "--tableHost", "127.0.0.1", "--tablePort", $"{port}"], port, stopping);
        return $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={AccountKey};TableEndpoint=http://127.0.0.1:{port}/{Account};";
    }

    private static async Task InstallAsync(string reason, CancellationToken stopping)
    {
        if (Programs.Find("node") is null || Programs.Find("npm") is not { } npm)
            throw new Problem($"{reason} needs Node.js and npm on the PATH, and they are not there.");
        if (File.Exists(Path.Combine(Home, PinnedVersion)))
            return;
        Console.WriteLine($"Azurite: installing {PinnedVersion} into .local/azurite.");
        Directory.CreateDirectory(Home);
        var install = await Child.CaptureAsync(npm, ["install", "--prefix", Home, "--no-fund", "--no-audit", "--loglevel=error", $"azurite@{PinnedVersion}"], stopping);
        if (install.ExitCode != 0)
            throw new Problem($"{install.Output}\nAzurite can't be installed by npm.", exitCode: 1);
        await File.WriteAllTextAsync(Path.Combine(Home, PinnedVersion), "installed\n", stopping);
    }

    private static async Task StartAsync(string script, string[] options, int port, CancellationToken stopping)
    {
        string[] command = [Path.Combine(Home, "node_modules", "azurite", "dist", "src", script), "--disableTelemetry", "--skipApiVersionCheck", "--silent", .. options];
        var azurite = Child.StartInBackground(Programs.Find("node")!, command);
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(30); await Task.Delay(50, stopping))
        {
            if (azurite.HasExited)
                break;
            if (await Ports.AnswersAsync(port, stopping))
                return;
        }
        throw new Problem($"Azurite did not start on port {port}.", exitCode: 1);
    }
}

static class Certificate
{
    public static (string Certificate, string Key)? Of(Arguments arguments) => (arguments["--cert"], arguments["--key"]) switch
    {
        ({ } certificate, { } key) => (Existing(certificate), Existing(key)),
        (null, null) => arguments.Has("--https") ? ForLocalhost() : null,
        _ => throw new Problem("--cert and --key go together: the certificate and its private key, both PEM files."),
    };

    private static string Existing(string file) => File.Exists(file) ? Path.GetFullPath(file) : throw new Problem($"There is no file {file}.");

    public static (string Certificate, string Key) ForLocalhost()
    {
        var (certificate, key) = (Repository.Local("localhost.crt"), Repository.Local("localhost.key"));
        if (!File.Exists(key) || !IsGoodForAMonth(certificate))
            Write(certificate, key);
        return (certificate, key);
    }

    private static bool IsGoodForAMonth(string file)
    {
        if (!File.Exists(file))
            return false;
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(file);
        return certificate.NotAfter > DateTime.Now.AddDays(30);
    }

    private static void Write(string certificateFile, string keyFile)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false)); // server authentication
        // 397 days are the most that every browser takes.
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddDays(397));
        WritePrivate(keyFile, key.ExportPkcs8PrivateKeyPem());
        WritePrivate(certificateFile, certificate.ExportCertificatePem());
    }

    private static void WritePrivate(string file, string text)
    {
        File.Delete(file); // the mode is for new files only
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(file, options);
        writer.WriteLine(text);
    }
}

static partial class Tests
{
    private const string StorageVariable = "FUNCTIONSAUTH_TEST_STORAGE";

    private static string Results => Repository.Local("test-results");

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stopping)
    {
        await Sdk.BuildAsync("FunctionsAuth.sln", stopping);
        if (Directory.Exists(Results))
            Directory.Delete(Results, recursive: true);
        Directory.CreateDirectory(Results);

        List<string> leftOut = [];
        List<Outcome> outcomes = [];
        var hasNode = Programs.Find("node") is not null && Programs.Find("npm") is not null;
        Dictionary<string, string> environment = [];
        if (hasNode)
            environment[StorageVariable] = await Azurite.StartForTestsAsync(stopping);
        else
            leftOut.Add("Tests on Azurite, with real OpenID Connect clients, in the browser and of infra/ did not run, because Node.js and npm are not on the PATH.");

        foreach (var project in Directory.GetFiles(Repository.PathOf("tests"), "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            outcomes.Add(await RunProjectAsync(project, arguments["--filter"], environment, stopping));
        Certificate.ForLocalhost(); // an interop test speaks https
        if (arguments.Has("--no-interop") || arguments["--filter"] is not null)
            leftOut.Add("tests/interop did not run, as asked.");
        else if (hasNode)
            outcomes.Add(await RunNodeTestsAsync("interop", environment, stopping));
        if (hasNode && arguments["--filter"] is null)
            outcomes.Add(await RunNodeTestsAsync("infra", environment, stopping));
        await ShowReportsAsync(stopping);
        return Summarize(outcomes, leftOut);
    }

    /// <summary>Tables that tests leave for a reader, such as the storage budgets.</summary>
    private static async Task ShowReportsAsync(CancellationToken stopping)
    {
        foreach (var report in Directory.GetFiles(Repository.PathOf("tests"), "*.txt", SearchOption.AllDirectories).Where(IsReport).Order(StringComparer.Ordinal))
            Console.WriteLine($"\n{await File.ReadAllTextAsync(report, stopping)}");

        static bool IsReport(string file) => Path.GetFileName(Path.GetDirectoryName(file)) == "TestResults";
    }

    private static int Summarize(List<Outcome> outcomes, List<string> leftOut)
    {
        Console.WriteLine();
        foreach (var outcome in outcomes)
            Console.WriteLine($"  {outcome.Suite}: {outcome.Counts}");
        foreach (var sentence in leftOut)
            Console.WriteLine($"Skipped: {sentence}");
        foreach (var group in outcomes.SelectMany(outcome => outcome.SkipReasons).GroupBy(reason => reason))
            Console.WriteLine($"Skipped: {group.Count()} because: {group.Key}");
        var total = new Outcome("all", outcomes.Sum(o => o.Passed), outcomes.Sum(o => o.Failed), outcomes.Sum(o => o.Skipped), []);
        Console.WriteLine(total.Counts);
        return total.Failed > 0 ? 1 : 0;
    }

    private static async Task<int> RunDotnetTestAsync(string project, string? filter, Dictionary<string, string> environment, string report, CancellationToken stopping)
    {
        string[] filtered = filter is null ? [] : ["--filter", filter];
        return await Child.RunTestsAsync(
            Sdk.Path,
            ["test", project, "--no-build", "--nologo", "-v", "quiet", "--logger", $"trx;LogFileName={report}", "--logger", "console;verbosity=minimal", "--results-directory", Results, .. filtered],
            environment,
            stopping);
    }

    private static async Task<Outcome> RunProjectAsync(string project, string? filter, Dictionary<string, string> environment, CancellationToken stopping)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        var report = Path.Combine(Results, $"{name}.trx");
        var exitCode = await RunDotnetTestAsync(project, filter, environment, report, stopping);
        if (!File.Exists(report))
            return filter is not null && exitCode == 0 ? new Outcome(name, 0, 0, 0, []) : new Outcome($"{name} (did not run to its end; is it in FunctionsAuth.sln?)", 0, 1, 0, []);

        var xml = XDocument.Load(report).Root!;
        var ns = xml.Name.Namespace;
        var results = xml.Descendants(ns + "UnitTestResult").ToLookup(result => result.Attribute("outcome")?.Value);
        var skipped = results["NotExecuted"].ToList();
        var failed = results.Where(group => group.Key is not ("Passed" or "NotExecuted")).Sum(group => group.Count());
        // A test host that crashes fails no test, but the run.
        if (exitCode != 0 && failed == 0)
            failed = 1;
        return new Outcome(name, results["Passed"].Count(), failed, skipped.Count, [.. skipped.Select(Reason)]);

        string Reason(XElement result) => OneLine(result.Element(ns + "Output")?.Value) is { Length: > 0 } reason ? reason : "no reason is given";
    }

    private static async Task<Outcome> RunNodeTestsAsync(string name, Dictionary<string, string> environment, CancellationToken stopping)
    {
        var suite = $"tests/{name}";
        var folder = Repository.PathOf("tests", name);
        if (!File.Exists(Path.Combine(folder, "package-lock.json")))
            return new Outcome($"{suite} (not there)", 0, 1, 0, []);
        var install = await Child.CaptureAsync(Programs.Find("npm")!, ["ci", "--no-fund", "--no-audit", "--loglevel=error"], stopping, folder);
        if (install.ExitCode != 0)
        {
            Console.WriteLine(install.Output);
            return new Outcome($"{suite} (npm ci failed)", 0, 1, 0, []);
        }
        var report = Path.Combine(Results, $"{name}.tap");
        string[] reporters = ["--test-reporter=spec", "--test-reporter-destination=stdout", "--test-reporter=tap", $"--test-reporter-destination={report}"];
        var files = Directory.GetFiles(folder, "*.test.mjs").Order(StringComparer.Ordinal);
        var exitCode = await Child.RunTestsAsync(
            Programs.Find("node")!, ["--test", .. reporters, .. files], new(environment) { ["FUNCTIONSAUTH_LOCALHOST"] = LocalHost.Assembly }, stopping, folder);

        var tap = File.Exists(report) ? await File.ReadAllTextAsync(report, stopping) : "";
        var counts = TapCount().Matches(tap).ToDictionary(match => match.Groups[1].Value, match => int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
        if (!counts.ContainsKey("pass"))
            return new Outcome($"{suite} (did not run to its end)", 0, 1, 0, []);
        var failed = counts["fail"] + counts.GetValueOrDefault("cancelled");
        var skipped = counts.GetValueOrDefault("skipped") + counts.GetValueOrDefault("todo");
        return new Outcome(suite, counts["pass"], exitCode != 0 && failed == 0 ? 1 : failed, skipped, [.. TapSkip().Matches(tap).Select(match => OneLine(match.Groups[1].Value))]);
    }

    private static string OneLine(string? text) => string.Join(' ', (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [GeneratedRegex(@"^# (pass|fail|cancelled|skipped|todo) (\d+)\r?$", RegexOptions.Multiline)]
    private static partial Regex TapCount();

    [GeneratedRegex(@"^\s*ok \d+ .*# SKIP (.+?)\r?$", RegexOptions.Multiline)]
    private static partial Regex TapSkip();

    private sealed record Outcome(string Suite, int Passed, int Failed, int Skipped, IReadOnlyList<string> SkipReasons)
    {
        public string Counts => $"{Passed} passed, {Failed} failed{(Skipped > 0 ? $", {Skipped} skipped" : "")}";
    }
}

static class Ports
{
    public static bool IsTaken(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    public static int FindFree()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static async Task<bool> AnswersAsync(int port, CancellationToken stopping)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, stopping);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

static class Programs
{
    // npm is a script on Windows, node a program.
    private static readonly string[] Endings = OperatingSystem.IsWindows() ? [".exe", ".cmd", ".bat"] : [""];

    /// <returns>Its full path, or null when it is not on the PATH.</returns>
    public static string? Find(string name) =>
        (from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
         from ending in Endings
         let file = Path.Combine(folder, name + ending)
         where File.Exists(file)
         select file).FirstOrDefault();
}

/// <summary>Processes that end when this program does.</summary>
static class Child
{
    private const int Sigterm = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly List<Process> Background = [];

    /// <summary>In the foreground, on this terminal. When this program is told to stop, it is asked to stop, too.</summary>
    /// <returns>Its exit code.</returns>
    public static async Task<int> RunAsync(string file, IEnumerable<string> arguments, CancellationToken stopping, string? workingDirectory = null)
    {
        using var process = Start(new ProcessStartInfo(file, arguments) { WorkingDirectory = workingDirectory ?? "" });
        await EndAsync(process, Stop, stopping);
        return process.ExitCode;
    }

    /// <summary>In the foreground. When this program is told to stop, it ends at once with all that it has started.</summary>
    /// <returns>Its exit code.</returns>
    public static async Task<int> RunTestsAsync(
        string file, IEnumerable<string> arguments, Dictionary<string, string> environment, CancellationToken stopping, string? workingDirectory = null)
    {
        using var process = Start(new ProcessStartInfo(file, arguments) { WorkingDirectory = workingDirectory ?? "" }, environment);
        await EndAsync(process, End, stopping);
        stopping.ThrowIfCancellationRequested();
        return process.ExitCode;
    }

    /// <summary>Silently.</summary>
    /// <returns>Its exit code, and what it wrote to stdout and stderr.</returns>
    public static async Task<(int ExitCode, string Output)> CaptureAsync(
        string file, IEnumerable<string> arguments, CancellationToken stopping, string? workingDirectory = null)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = workingDirectory ?? "" };
        // A build server that outlives the build would keep the pipe open.
        using var process = Start(start, new() { ["MSBUILDDISABLENODEREUSE"] = "1", ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0" });
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await EndAsync(process, End, stopping);
        stopping.ThrowIfCancellationRequested();
        return (process.ExitCode, (await output + await error).TrimEnd());
    }

    public static Process StartInBackground(string file, IEnumerable<string> arguments)
    {
        var process = Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true });
        process.OutputDataReceived += (_, _) => { }; // a full pipe would stop it
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Background.Add(process);
        return process;
    }

    public static void StopAll()
    {
        foreach (var process in Background)
        {
            Stop(process);
            process.Dispose();
        }
    }

    private static Process Start(ProcessStartInfo start, Dictionary<string, string>? environment = null)
    {
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static async Task EndAsync(Process process, Action<Process> stop, CancellationToken stopping)
    {
        try
        {
            await process.WaitForExitAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            stop(process);
        }
    }

    /// <summary>Asks it to stop where the system has a way to ask, and ends it if it does not.</summary>
    private static void Stop(Process process)
    {
        if (process.HasExited)
            return;
        if (OperatingSystem.IsWindows() || Kill(process.Id, Sigterm) != 0 || !process.WaitForExit(Patience))
            End(process);
    }

    private static void End(Process process)
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit(Patience);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
