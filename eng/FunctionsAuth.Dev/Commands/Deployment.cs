using System.Diagnostics;
using System.Text.Json;
using FunctionsAuth.Dev.Tools;

namespace FunctionsAuth.Dev.Commands;

/// <summary>
/// What the hooks in azure.yaml run. azd puts the outputs of infra/main.bicep, and what `azd env set` stored, into the environment.
/// </summary>
internal static class Deployment
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
