using FunctionsAuth.Dev.Tools;

namespace FunctionsAuth.Dev.Commands;

internal static class FunctionsHost
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
