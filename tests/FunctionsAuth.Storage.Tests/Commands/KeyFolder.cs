using System.Globalization;
using System.Text.Json;
using Azure.Security.KeyVault.Keys;
using FunctionsAuth.Azure.KeyVault.Local;
using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.Storage.Tests.Commands;

/// <summary>
/// A folder of LocalHost's keys that has existed for a while: the command goes by the true clock, so versions are made in the
/// past. Announce is 24 hours, the longest token 24 hours, the skew 5 minutes, unless a test sets others.
/// </summary>
public abstract class KeyFolder : IDisposable
{
    protected const string Rsa = "signing-rsa";
    protected const string Ec = "signing-ec";

    private readonly PastClock clock = new();

    protected KeyFolder() => Vault = new LocalKeyClient(Folder, clock);

    protected string Folder { get; } = Path.Combine(Path.GetTempPath(), $"functionsauth-keys-{Guid.NewGuid():N}");

    protected LocalKeyClient Vault { get; }

    /// <summary>When the test began, in whole seconds.</summary>
    protected DateTimeOffset Start { get; } = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());

    public void Dispose()
    {
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <returns>Its kid.</returns>
    protected async Task<string> MakeAsync(string name, TimeSpan age, DateTimeOffset? expires = null)
    {
        clock.Now = Start - age;
        if (name == Ec)
        {
            using var ec = (await Vault.CreateEcKeyAsync(new CreateEcKeyOptions(name) { ExpiresOn = expires })).Value.Key.ToECDsa();
            return PublicKey.FromEc(ec.ExportParameters(false)).Kid;
        }
        // As small as can be made fast: nothing is signed with it.
        using var rsa = (await Vault.CreateRsaKeyAsync(new CreateRsaKeyOptions(name) { ExpiresOn = expires, KeySize = 1_024 })).Value.Key.ToRSA();
        return PublicKey.FromRsa(rsa.ExportParameters(false)).Kid;
    }

    /// <summary>The command in its folder.</summary>
    protected Task<LocalHostCommand> KeysAsync(params IEnumerable<string> arguments) => LocalHostCommand.RunAsync(["keys", "--keys", Folder, .. arguments]);

    /// <summary>What a script sees.</summary>
    protected async Task<JsonElement> ShowAsync(params IEnumerable<string> arguments) =>
        JsonDocument.Parse((await KeysAsync(["--json", .. arguments])).ShouldSucceed().Output).RootElement;

    /// <summary>Kid and state of each version, in the order of the list.</summary>
    protected async Task<IReadOnlyList<(string Kid, string State)>> StatesAsync(params IEnumerable<string> arguments) =>
        [.. (await ShowAsync(arguments)).GetProperty("keys").EnumerateArray().Select(key => (key.GetProperty("kid").GetString()!, key.GetProperty("state").GetString()!))];

    /// <summary>As the command writes it.</summary>
    protected string Ago(TimeSpan time) => Text(Start - time);

    protected string In(TimeSpan time) => Text(Start + time);

    protected static string Text(DateTimeOffset moment) => moment.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    protected static TimeSpan Hours(double hours) => TimeSpan.FromHours(hours);

    /// <summary>Every file with what is in it, but for the empty one that is locked while a version is made.</summary>
    protected IReadOnlyDictionary<string, string> Files() => Directory.Exists(Folder)
        ? Directory.GetFiles(Folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != ".lock").ToDictionary(file => file, File.ReadAllText)
        : [];

    private sealed class PastClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
