using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using FunctionsAuth.Dev.Tools;

namespace FunctionsAuth.Dev.Commands;

/// <summary>
/// The commands that the hooks in azure.yaml run. azd sets environment variables to the outputs of infra/main.bicep and to the values that `azd env set`
/// stored.
/// </summary>
internal static partial class Deployment
{
    private const string Issuer = "SERVICE_FUNCTIONSAUTH_ISSUER";
    private const string Tables = "SERVICE_FUNCTIONSAUTH_TABLES";

    // These values are not known before a deployment. The check of the operator's settings does not depend on them.
    private static readonly string[] Placeholders =
        ["--set", "Issuer=https://issuer.example", "--set", "Storage:AccountUri=https://account.example", "--set", "Vault:Uri=https://vault.example"];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // azd publishes the app for Linux. If a hook built into the same obj/, one of the two builds would not find its packages (NETSDK1047).
    private static readonly string Artifacts = Repository.Local("azure");

    private static string? Import => Variable("FUNCTIONSAUTH_IMPORT") is { } file ? Path.GetFullPath(file, Repository.Root) : null;

    public static async Task<int> CheckAsync(Arguments _, CancellationToken stopping)
    {
        List<string> command = ["check", "--mail", .. Placeholders];
        foreach (var (name, value) in Settings())
            command.AddRange(["--set", $"{name}={value}"]);
        foreach (var (name, value) in MailSettings())
            command.AddRange(["--set", $"{name}={value}"]);
        if (Import is { } file)
            command.AddRange(["--import", file]);
        // There is an earlier deployment, so users may already have passkeys.
        if (Variable(Issuer) is { } issuer && Variable(Tables) is { } tables)
            command.AddRange(["--set", $"Issuer={issuer}", "--storage", tables]);
        if (await Packages.FindAsync(stopping) is { Count: > 0 } missing)
            throw new Problem($"The app can't be published from here, because the package feed of this machine does not have {string.Join(" and ", missing)}.");
        await BuildAsync(stopping);
        return await RunAsync(command, stopping);
    }

    public static async Task<int> WelcomeAsync(Arguments _, CancellationToken stopping)
    {
        await AskAzdAsync(stopping);
        var issuer = Output(Issuer);
        string[] storage = ["--storage", Output(Tables), "--wait"];
        var user = Variable("FUNCTIONSAUTH_FIRST_USER");
        if (Import is not null || user is not null)
            await BuildAsync(stopping);
        var failed = Import is { } file && await RunAsync(["import", file, .. storage], stopping) != 0;
        if (!failed && user is not null)
            failed = await RunAsync(["user", .. storage, "--", user], stopping) != 0;
        if (failed)
            throw new Problem("The app is deployed, but the import did not succeed. Correct the error above and run `azd hooks run postdeploy`.", exitCode: 1);
        if (Import is null)
            Console.WriteLine("No clients were imported. To import clients, run `azd env set FUNCTIONSAUTH_IMPORT my-clients.json` and `azd hooks run postdeploy`.");
        var isReady = await IsReadyAsync(new Uri(new Uri(issuer), "/health/ready"), stopping);
        Console.WriteLine($"\nIssuer    {issuer}\nMetadata  {issuer.TrimEnd('/')}/.well-known/openid-configuration");
        if (!isReady)
            Console.WriteLine($"The server is not ready yet. A new host name can take up to an hour to work everywhere. {new Uri(new Uri(issuer), "/health/ready")} shows what is missing.");
        return 0;
    }

    private static Task BuildAsync(CancellationToken stopping) => Sdk.BuildAsync(LocalHost.Project, stopping, Artifacts);

    private static Task<int> RunAsync(IEnumerable<string> command, CancellationToken stopping) =>
        Child.RunAsync(Sdk.Path, [Path.Combine(Artifacts, "bin", "FunctionsAuth.LocalHost", "debug", "FunctionsAuth.LocalHost.dll"), .. command], stopping);

    /// <summary>If the command was typed by hand, it asks azd for the values that a hook gets from azd.</summary>
    private static async Task AskAzdAsync(CancellationToken stopping)
    {
        if (Variable(Issuer) is not null || Programs.Find("azd") is not { } azd)
            return;
        var (_, values) = await Child.CaptureAsync(azd, ["env", "get-values"], stopping, Repository.Root);
        foreach (Match value in AzdValue().Matches(values))
            Environment.SetEnvironmentVariable(value.Groups[1].Value, value.Groups[2].Value.Replace(@"\\", @"\", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^((?:SERVICE_)?FUNCTIONSAUTH_[A-Z_]+)=""([^""]*)""\r?$", RegexOptions.Multiline)]
    private static partial Regex AzdValue();

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
                // The server does not answer yet.
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
            // The variables of OpenTelemetry are not settings of the server.
            return [.. settings.RootElement.EnumerateObject().Where(setting => !setting.Name.StartsWith("OTEL_", StringComparison.Ordinal)).Select(setting => (setting.Name, setting.Value.ToString()))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new Problem("""FUNCTIONSAUTH_SETTINGS must be a JSON object, such as {"Lifetimes__AccessToken":"00:10:00"}.""");
        }
    }

    /// <summary>The same app settings as infra/main.bicep makes from these variables.</summary>
    private static IEnumerable<(string Name, string Value)> MailSettings()
    {
        if (Variable("FUNCTIONSAUTH_MAIL_HOST") is not { } host)
            yield break;
        yield return ("Mail:Host", host);
        if (Variable("FUNCTIONSAUTH_MAIL_FROM") is { } from)
            yield return ("Mail:From", from);
        if (Variable("FUNCTIONSAUTH_MAIL_USERNAME") is not { } username)
            yield break;
        yield return ("Mail:Username", username);
        yield return ("Mail:Password", "@Microsoft.KeyVault(SecretUri=https://vault.example/secrets/mail-password)");
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static string Output(string name) =>
        Variable(name) ?? throw new Problem($"{name} is not set. `azd up` sets it, and runs this command. `azd env list` shows whether an environment was deployed.");
}
