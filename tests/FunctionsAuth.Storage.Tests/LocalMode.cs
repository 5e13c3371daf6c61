using FunctionsAuth.Azure;
using FunctionsAuth.Azure.KeyVault.Local;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Protocol.Wire;

namespace FunctionsAuth.Storage.Tests;

/// <summary>Keys:Mode local: signing keys in a folder that several processes of this machine use.</summary>
public sealed class LocalMode : IAsyncDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string root = Path.Combine(Path.GetTempPath(), $"functionsauth-local-{Guid.NewGuid():N}");
    private readonly SettableTime clock = new();
    private readonly List<LocalModeInstance> instances = [];

    private string Folder => Path.Combine(root, "keys");

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in instances)
            await instance.DisposeAsync();
        if (Directory.Exists(root))
            Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task Instances_that_start_at_the_same_moment_on_no_folder_agree_on_one_key_of_each_type()
    {
        var together = Enumerable.Range(0, 8).Select(_ => New()).ToList();
        await Task.WhenAll(together.Select(instance => Task.Run(async () =>
        {
            await instance.StartAsync();
            await instance.ReadAsync();
        })));
        Assert.Equal(2, KeyFiles().Length);
        var published = await together[0].PublishedAsync();
        Assert.Equal(2, published.Count);
        foreach (var instance in together)
        {
            Assert.Equal(published, await instance.PublishedAsync());
            Assert.Equal(await together[0].SignAsync(), await instance.SignAsync());
            Assert.Equal(await together[0].SignAsync(SigningAlgorithms.ES256), await instance.SignAsync(SigningAlgorithms.ES256));
        }
    }

    [Fact]
    public async Task Timers_of_several_processes_make_one_new_version_which_signs_a_day_later()
    {
        var (one, two) = (await ReadAsync(), await ReadAsync());
        var first = await one.SignAsync();
        Assert.Equal(first, await two.SignAsync());
        clock.Advance(TimeSpan.FromDays(30));
        await Task.WhenAll(Task.Run(one.RolloverAsync), Task.Run(two.RolloverAsync));

        Assert.Equal(4, KeyFiles().Length);
        await one.ReadAsync();
        await two.ReadAsync();
        Assert.Equal(4, (await one.PublishedAsync()).Count);
        Assert.Equal(await one.PublishedAsync(), await two.PublishedAsync());
        Assert.Equal((first, first), (await one.SignAsync(), await two.SignAsync()));

        clock.Advance(TimeSpan.FromDays(1));
        await two.ReadAsync();
        var second = await one.SignAsync();
        Assert.NotEqual(first, second);
        Assert.Equal(second, await two.SignAsync());

        clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(10));
        await one.RolloverAsync();
        Assert.DoesNotContain(first, await one.PublishedAsync());
        Assert.Equal(second, await one.SignAsync());
    }

    [Fact]
    public async Task Keys_are_the_same_after_a_restart()
    {
        var first = await (await ReadAsync()).SignAsync();
        Assert.Equal(first, await (await ReadAsync()).SignAsync());
    }

    [Fact]
    public async Task Only_their_owner_may_read_the_files()
    {
        var instance = New();
        await instance.StartAsync();
        await instance.ReadAsync();
        if (OperatingSystem.IsWindows())
            return;
        var files = Directory.GetFiles(Folder, "*", SearchOption.AllDirectories);
        Assert.Equal([".json", ".json", ".lock", ".pem", ".pem"], files.Select(Path.GetExtension).Order());
        foreach (var file in files)
            Assert.Equal(Owner, File.GetUnixFileMode(file));
        foreach (var folder in (string[])[Folder, .. Directory.GetDirectories(Folder)])
            Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
    }

    [Theory]
    [InlineData("*.pem")]
    [InlineData("*.json")]
    public async Task With_a_damaged_file_the_app_does_not_start_and_the_file_stays_as_it_is(string files)
    {
        await ReadAsync();
        var damaged = Directory.GetFiles(Folder, files, SearchOption.AllDirectories)[0];
        await File.WriteAllTextAsync(damaged, "half a key");
        var before = KeyFiles().Length;

        var instance = New();
        var refusal = await Assert.ThrowsAsync<InvalidDataException>(instance.StartAsync);
        Assert.Contains(damaged, refusal.Message, StringComparison.Ordinal);
        // Nor is another one made in its place by what reads the keys later.
        await Assert.ThrowsAsync<KeyStoreException>(instance.ReadAsync);
        await Assert.ThrowsAsync<KeyStoreException>(instance.RolloverAsync);
        Assert.Equal("half a key", await File.ReadAllTextAsync(damaged));
        Assert.Equal(before, KeyFiles().Length);
    }

    [Fact]
    public async Task A_file_that_is_damaged_while_the_app_runs_is_named_and_another_key_is_not_made()
    {
        var instance = await ReadAsync();
        var damaged = Directory.GetFiles(Path.Combine(Folder, "signing-rsa"), "*.json").Single();
        await File.WriteAllTextAsync(damaged, "half a key");

        var refusal = await Assert.ThrowsAsync<KeyStoreException>(() => instance.SignAsync());
        Assert.Equal(KeyStoreFailure.Refused, refusal.Failure);
        Assert.Contains(damaged, refusal.InnerException!.Message, StringComparison.Ordinal);
        Assert.Equal(2, KeyFiles().Length);
    }

    [Fact]
    public async Task Where_the_folder_can_not_be_made_the_app_does_not_start()
    {
        Directory.CreateDirectory(root);
        await File.WriteAllTextAsync(Path.Combine(root, "file"), "");
        var folder = Path.Combine(root, "file", "keys");
        var refusal = await Assert.ThrowsAsync<SettingsException>(New(folder).StartAsync);
        Assert.Contains($"Keys:Folder must be a folder that this user may read and write. The signing keys in the folder {folder} can't be written: ", refusal.Message, StringComparison.Ordinal);
    }

    [UnprivilegedFact]
    public async Task In_a_folder_that_may_only_be_read_the_keys_that_are_there_sign_and_none_is_made()
    {
        var first = await (await ReadAsync()).SignAsync();
        string[] folders = [Folder, .. Directory.GetDirectories(Folder)];
        SetMode(folders, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            var instance = New();
            await instance.StartAsync();
            await instance.ReadAsync();
            Assert.Equal(first, await instance.SignAsync());
            clock.Advance(TimeSpan.FromDays(30));
            var refusal = await Assert.ThrowsAsync<KeyStoreException>(instance.RolloverAsync);
            Assert.Equal(KeyStoreFailure.Refused, refusal.Failure);
            Assert.IsType<KeyFilesException>(refusal.InnerException);
        }
        finally
        {
            SetMode(folders, Owner | UnixFileMode.UserExecute);
        }
    }

    [UnprivilegedFact]
    public async Task In_an_empty_folder_that_may_only_be_read_the_app_does_not_start()
    {
        Directory.CreateDirectory(Folder);
        SetMode([Folder], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var refusal = await Assert.ThrowsAsync<SettingsException>(New().StartAsync);
        Assert.Contains(Folder, refusal.Message, StringComparison.Ordinal);
    }

    private static void SetMode(IEnumerable<string> folders, UnixFileMode mode)
    {
        foreach (var folder in folders)
        {
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(folder, mode);
        }
    }

    private string[] KeyFiles() => Directory.GetFiles(Folder, "*.pem", SearchOption.AllDirectories);

    private async Task<LocalModeInstance> ReadAsync()
    {
        var instance = New();
        await instance.ReadAsync();
        return instance;
    }

    private LocalModeInstance New(string? folder = null)
    {
        var instance = new LocalModeInstance(folder ?? Folder, clock);
        instances.Add(instance);
        return instance;
    }
}

/// <summary>A test of what the system forbids: an administrator may do everything, and Windows has no such modes.</summary>
public sealed class UnprivilegedFactAttribute : FactAttribute
{
    public UnprivilegedFactAttribute()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
            Skip = "File modes forbid nothing to this user: run this test on Linux or macOS as a user who is no administrator.";
    }
}
