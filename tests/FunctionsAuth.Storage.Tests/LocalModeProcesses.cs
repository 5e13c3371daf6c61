namespace FunctionsAuth.Storage.Tests;

/// <summary>Real processes that use one folder of keys.</summary>
public sealed class LocalModeProcesses : IDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"functionsauth-local-{Guid.NewGuid():N}");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("Keys:Mode=local")]
    [InlineData("Keys:Mode=vault")] // LocalHost's own way of using a folder
    public async Task Three_first_starts_at_the_same_moment_agree_on_one_key_of_each_type(string mode)
    {
        var kids = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => StartAsync(mode)));
        Assert.Equal(2, kids[0].Count);
        Assert.All(kids, set => Assert.Equal(kids[0], set));
        Assert.Equal(2, Directory.GetFiles(folder, "*.pem", SearchOption.AllDirectories).Length);
    }

    /// <returns>The kids that the process publishes.</returns>
    private async Task<IReadOnlyList<string>> StartAsync(string mode)
    {
        using var server = await LocalHostProcess.StartAsync("--keys", folder, "--set", mode);
        return await server.KidsAsync();
    }
}
