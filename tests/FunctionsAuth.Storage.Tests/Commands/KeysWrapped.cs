using Azure.Data.Tables;

namespace FunctionsAuth.Storage.Tests.Commands;

/// <summary>The command with keys that are wrapped and kept in a table.</summary>
[NeedsStorage]
public sealed class KeysWrapped : KeyFolder, IAsyncLifetime
{
    private readonly string prefix = $"t{Guid.NewGuid():N}"[..12];

    private static string Connection => NeedsStorageAttribute.ConnectionString!;

    private TableClient Table => new TableServiceClient(Connection).GetTableClient($"{prefix}SigningKeys");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await Table.DeleteAsync();

    [StorageFact]
    public async Task Showing_an_empty_account_makes_no_table_and_no_key()
    {
        var shown = (await WrappedAsync()).ShouldSucceed();
        Assert.Equal(
            ["There is no RSA key in wrapped yet: the server creates one when it starts.", "There is no EC key in wrapped yet: the server creates one when it starts."],
            shown.Lines.Skip(1));
        Assert.Empty(await TablesAsync());
        Assert.False(Directory.Exists(Folder));
    }

    [StorageFact]
    public async Task They_are_made_shown_and_disabled_as_others_are()
    {
        Assert.All((await WrappedAsync("rotate")).ShouldSucceed().Lines, line => Assert.Contains("key in wrapped: it signs", line, StringComparison.Ordinal));
        Assert.Contains("key in wrapped: announced, and signs from", (await WrappedAsync("rotate", "rsa")).ShouldSucceed().Output, StringComparison.Ordinal);
        var states = await StatesAsync(Arguments("wrapped"));
        Assert.Equal(["signing", "announced", "signing"], states.Select(key => key.State));

        Assert.Contains($"Then {states[1].Kid} in wrapped signs", (await WrappedAsync("disable", states[0].Kid)).ShouldSucceed().Output, StringComparison.Ordinal);
        (await WrappedAsync("disable", states[1].Kid)).ShouldBeTold($"{states[1].Kid} is the only usable version of the RSA key");
        Assert.Equal([(states[1].Kid, "signing"), (states[2].Kid, "signing")], await StatesAsync(Arguments("wrapped")));

        (await WrappedAsync("disable", "--force", states[1].Kid)).ShouldSucceed();
        Assert.Contains("All versions of the RSA key in wrapped are disabled; create a new one with `keys rotate rsa`.", (await WrappedAsync()).ShouldSucceed().Lines);
        Assert.Contains("it signs RS256 and PS256 at once", (await WrappedAsync("rotate", "rsa")).ShouldSucceed().Output, StringComparison.Ordinal);
    }

    [StorageFact]
    public async Task The_reserve_stands_by_and_is_not_rotated_and_signs_when_the_others_are_disabled()
    {
        var vault = await MakeAsync(Ec, Hours(60));
        (await WrappedAsync("rotate", "ec")).ShouldSucceed();
        var wrapped = Assert.Single(await StatesAsync(Arguments("wrapped"))).Kid;
        // It is new: the vault's goes on until it was announced, and then stands by.
        var shown = (await KeysAsync(Arguments("wrapped,vault"))).ShouldSucceed();
        Assert.Matches($"^{vault} .*  signing .*  stands by from ", shown.Lines[2]);
        Assert.Matches($"^{wrapped} .*  announced .*  signs from ", shown.Lines[3]);

        // The table dates its rows itself, so that the shortest announcement has to pass.
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        while ((await StatesAsync(Soon("wrapped,vault")))[1].State == "announced")
            patience.Token.ThrowIfCancellationRequested();
        Assert.Equal([(vault, "standby"), (wrapped, "signing")], await StatesAsync(Soon("wrapped,vault")));
        Assert.Equal([(vault, "signing"), (wrapped, "standby")], await StatesAsync(Soon("vault,wrapped")));

        var rotated = Assert.Single((await KeysAsync(["rotate", "ec", .. Arguments("vault,wrapped")])).ShouldSucceed().Lines);
        Assert.Contains($"key in {Vault.VaultUri.Host}: announced", rotated, StringComparison.Ordinal);
        (await KeysAsync(["disable", rotated[..43], .. Arguments("vault,wrapped")])).ShouldSucceed();
        var disabled = (await KeysAsync(["disable", vault, .. Soon("vault,wrapped")])).ShouldSucceed();
        Assert.Matches($"Then {wrapped} in wrapped signs, known since [^.]*\\.$", disabled.Lines[1]);
        Assert.Equal([(wrapped, "signing")], await StatesAsync(Soon("vault,wrapped")));
    }

    [StorageFact]
    public async Task While_none_was_announced_long_enough_the_oldest_signs_even_of_the_reserve()
    {
        var vault = await MakeAsync(Ec, Hours(1));
        Assert.Contains("key in wrapped: announced, and signs from", (await KeysAsync(["rotate", "ec", .. Arguments("wrapped,vault")])).ShouldSucceed().Output, StringComparison.Ordinal);
        var shown = (await KeysAsync(Arguments("wrapped,vault"))).ShouldSucceed();
        Assert.Matches($"^{vault} .*  signing .*  stands by from ", shown.Lines[2]);
        Assert.Matches("  wrapped .*  announced .*  signs from ", shown.Lines[3]);
    }

    [StorageFact]
    public async Task An_account_key_that_is_wrong_is_told_with_the_status()
    {
        var wrong = Connection.Replace("AccountKey=", "AccountKey=AAAA", StringComparison.Ordinal);
        (await KeysAsync("--storage", wrong, "--set", "Keys:Mode=wrapped")).ShouldBeTold("The keys in wrapped can't be read. Service request failed (403 ");
    }

    private string[] Arguments(string mode) => ["--storage", Connection, "--table-prefix", prefix, "--set", $"Keys:Mode={mode}"];

    private string[] Soon(string mode) =>
    [
        .. Arguments(mode), "--set", "Keys:Announce=00:00:02", "--set", "Keys:JwksMaxAge=00:00:00", "--set", "Keys:RefreshEvery=00:00:01", "--set", "Keys:ClockSkew=00:00:00",
    ];

    private Task<LocalHostCommand> WrappedAsync(params IEnumerable<string> arguments) => KeysAsync([.. arguments, .. Arguments("wrapped")]);

    private async Task<List<string>> TablesAsync()
    {
        List<string> names = [];
        await foreach (var table in new TableServiceClient(Connection).QueryAsync())
        {
            if (table.Name.StartsWith(prefix, StringComparison.Ordinal))
                names.Add(table.Name);
        }
        return names;
    }
}
