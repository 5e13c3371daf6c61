using FunctionsAuth.Dev.Tools;

namespace FunctionsAuth.Dev.Commands;

/// <summary>Runs the published app under `func start` without Azure: tables in Azurite, keys in files.</summary>
internal static class FunctionsHost
{
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stopping)
    {
        var func = Programs.Find("func") ?? throw new Problem(
            "Azure Functions Core Tools are not on the PATH: install them with `npm install -g azure-functions-core-tools@4`, or run the same server without them by `dotnet dev.cs run --azurite`.");
        var settings = LocalSettings.Read();
        var (port, issuer) = settings.Place(arguments.Port);
        if (Ports.IsTaken(port))
            throw new Problem($"Port {port} is in use; choose another with --port.");
        var output = await PublishAsync(stopping);
        settings.Write(Path.Combine(output, "local.settings.json"));
        if (settings.UseAzurite)
            await Azurite.EnsureAsync(stopping);
        if (await ImportAsync(settings, issuer, arguments["--import"], stopping) is var failed and not 0)
            return failed;
        Console.WriteLine($"Issuer: {issuer}");
        return await Child.RunAsync(func, ["start", "--port", $"{port}"], stopping, workingDirectory: output);
    }

    /// <returns>The folder of the published app.</returns>
    private static async Task<string> PublishAsync(CancellationToken stopping)
    {
        await LocalHost.BuildAsync(stopping);
        await Console.Error.WriteLineAsync("Publishing src/FunctionsAuth.");
        var output = Repository.Local("publish");
        var publish = await Child.CaptureAsync(Sdk.Path, ["publish", Repository.PathOf("src", "FunctionsAuth"), "-c", "Release", "-p:ForAzure=false", "-p:OnlyMeasured=true", "-v", "quiet", "--nologo", "-o", output], stopping);
        return publish.ExitCode == 0 ? output : throw new Problem($"{publish.Output}\nThe app can't be published.", exitCode: 1);
    }

    /// <summary>Imports a file or the samples. The secrets of the samples are public, so samples are only imported into Azurite.</summary>
    /// <returns>An exit code.</returns>
    private static Task<int> ImportAsync(LocalSettings settings, string issuer, string? file, CancellationToken stopping)
    {
        string[]? what = file is not null ? [Path.GetFullPath(file)]
            : Azurite.DevelopmentStorage.Equals(settings.ConnectionString, StringComparison.OrdinalIgnoreCase)
                && Uri.TryCreate(issuer, UriKind.Absolute, out var uri) && uri.IsLoopback ? ["--samples", issuer]
            : null;
        return what is null || settings.Storage is not { } storage
            ? Task.FromResult(0)
            : LocalHost.RunAsync(["import", .. what, "--storage", storage, "--table-prefix", settings.TablePrefix], stopping);
    }
}
