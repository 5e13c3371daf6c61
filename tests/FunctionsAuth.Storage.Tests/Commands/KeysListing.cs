using System.Text.Json;
using System.Text.RegularExpressions;
using Azure.Security.KeyVault.Keys;

namespace FunctionsAuth.Storage.Tests.Commands;

/// <summary>What <c>keys</c> shows.</summary>
public sealed partial class KeysListing : KeyFolder
{
    [Fact]
    public async Task Each_version_stands_there_with_its_state_since_when_and_what_comes_next()
    {
        var retired = await MakeAsync(Rsa, Hours(90));
        var retained = await MakeAsync(Rsa, Hours(50));
        var signing = await MakeAsync(Rsa, Hours(30));
        var announced = await MakeAsync(Rsa, Hours(1));
        var alone = await MakeAsync(Ec, Hours(1));
        var shown = (await KeysAsync()).ShouldSucceed();

        Assert.Matches(@"^At 20\d\d-\d\d-\d\d \d\d:\d\d:\d\dZ, with Keys:Announce 1\.00:00:00, Lifetimes:LongestToken 1\.00:00:00, Keys:ClockSkew 00:05:00\.", shown.Lines[0]);
        Assert.Equal(
            [
                ["KID", "KEY", "VAULT", "STATE", "SINCE", "NEXT"],
                // What took over 26 hours ago is followed by the longest token and twice the skew.
                [retired, "RSA RS256 PS256", Vault.VaultUri.Host, "retired", Ago(Hours(26) - TimeSpan.FromHours(24) - TimeSpan.FromMinutes(10)), "disabled by the rollover timer"],
                [retained, "RSA RS256 PS256", Vault.VaultUri.Host, "retained", Ago(Hours(6)), $"retires at {In(Hours(18) + TimeSpan.FromMinutes(10))}"],
                [signing, "RSA RS256 PS256", Vault.VaultUri.Host, "signing", Ago(Hours(6)), $"retained from {In(Hours(23))}"],
                [announced, "RSA RS256 PS256", Vault.VaultUri.Host, "announced", Ago(Hours(1)), $"signs from {In(Hours(23))}"],
                // The only one signs at once.
                [alone, "EC ES256", Vault.VaultUri.Host, "signing", Ago(Hours(1)), "-"],
            ],
            shown.Lines.Skip(1).Select(Cells));
    }

    [Fact]
    public async Task Columns_begin_below_each_other()
    {
        await MakeAsync(Rsa, Hours(50));
        await MakeAsync(Rsa, Hours(1));
        await MakeAsync(Ec, Hours(1));
        var table = (await KeysAsync()).ShouldSucceed().Lines.Skip(1).ToList();
        foreach (var heading in (string[])["KEY", "VAULT", "STATE", "SINCE", "NEXT"])
        {
            var column = table[0].IndexOf(heading, StringComparison.Ordinal);
            Assert.All(table, line => Assert.Equal((' ', ' ', false), (line[column - 2], line[column - 1], line[column] == ' ')));
        }
        Assert.All(table, line => Assert.Equal(line.TrimEnd(), line));
    }

    [Fact]
    public async Task The_settings_of_the_server_count()
    {
        await MakeAsync(Rsa, Hours(50));
        var second = await MakeAsync(Rsa, Hours(3));
        var shown = (await KeysAsync("--set", "Keys:Announce=02:00:00", "--set", "Lifetimes:LongestToken=06:00:00", "--set=Keys__ClockSkew=00:01:00")).ShouldSucceed();
        Assert.Contains("with Keys:Announce 02:00:00, Lifetimes:LongestToken 06:00:00, Keys:ClockSkew 00:01:00.", shown.Lines[0], StringComparison.Ordinal);
        Assert.Equal(["retained", Ago(Hours(1)), $"retires at {In(Hours(5) + TimeSpan.FromMinutes(2))}"], Cells(shown.Lines[2])[3..]);
        Assert.Equal([second, "RSA RS256 PS256", Vault.VaultUri.Host, "signing", Ago(Hours(1)), "-"], Cells(shown.Lines[3]));
    }

    [Fact]
    public async Task Scripts_get_the_same_as_JSON()
    {
        await MakeAsync(Rsa, Hours(50));
        await MakeAsync(Rsa, Hours(1));
        var lines = (await KeysAsync()).ShouldSucceed().Lines;
        var shown = await ShowAsync();
        Assert.Equal("1.00:00:00", shown.GetProperty("settings").GetProperty("Keys:Announce").GetString());
        Assert.Equal([lines[^1]], shown.GetProperty("remarks").EnumerateArray().Select(remark => remark.GetString()));
        var keys = shown.GetProperty("keys").EnumerateArray().ToList();
        Assert.Equal(lines.Skip(2).SkipLast(1).Select(line => string.Join(" / ", Cells(line))), keys.Select(Written));
        Assert.Equal(["retained", "signing"], keys.Select(key => key.GetProperty("next").GetProperty("state").GetString()));

        static string Written(JsonElement key)
        {
            var algorithms = key.GetProperty("algorithms").EnumerateArray().Select(algorithm => algorithm.GetString());
            var next = key.GetProperty("next");
            string[] cells =
            [
                key.GetProperty("kid").GetString()!,
                $"{key.GetProperty("type").GetString()} {string.Join(' ', algorithms)}",
                key.GetProperty("vault").GetString()!,
                key.GetProperty("state").GetString()!,
                Text(key.GetProperty("since").GetDateTimeOffset()),
                $"{(next.GetProperty("state").GetString() == "signing" ? "signs" : "retained")} from {Text(next.GetProperty("at").GetDateTimeOffset())}",
            ];
            return string.Join(" / ", cells);
        }
    }

    [Fact]
    public async Task Where_there_is_no_key_it_says_so_and_makes_nothing()
    {
        var shown = (await KeysAsync()).ShouldSucceed();
        Assert.Equal(
            [$"There is no RSA key in {Vault.VaultUri.Host} yet: the server creates one when it starts.", $"There is no EC key in {Vault.VaultUri.Host} yet: the server creates one when it starts."],
            shown.Lines.Skip(1));
        Assert.Empty((await ShowAsync()).GetProperty("keys").EnumerateArray());
        Assert.False(Directory.Exists(Folder));
    }

    [Fact]
    public async Task It_changes_no_file_and_makes_no_key_that_is_missing_or_due()
    {
        // The one is missing; of the other, the newest is older than Keys:RotateEvery, and the oldest retired long ago.
        await MakeAsync(Rsa, TimeSpan.FromDays(300));
        await MakeAsync(Rsa, TimeSpan.FromDays(200));
        var before = Files();
        (await KeysAsync()).ShouldSucceed();
        Assert.Equal(before, Files());
    }

    [Fact]
    public async Task Where_all_are_disabled_it_says_so()
    {
        await MakeAsync(Rsa, Hours(50));
        await DisableAllAsync(Rsa);
        var remarks = (await KeysAsync()).ShouldSucceed().Lines.Skip(1);
        Assert.Contains($"All versions of the RSA key in {Vault.VaultUri.Host} are disabled; create a new one with `keys rotate rsa`.", remarks);
    }

    [Fact]
    public async Task Where_all_have_expired_it_says_that_nothing_can_sign()
    {
        await MakeAsync(Ec, TimeSpan.FromDays(40), expires: Start - Hours(1));
        var shown = (await KeysAsync()).ShouldSucceed();
        Assert.Equal("retained", Cells(shown.Lines[2])[3]);
        Assert.Contains("Nothing can sign ES256: every EC version has expired or is not valid yet.", shown.Lines);
    }

    [Fact]
    public async Task A_version_that_will_sign_again_because_its_successor_expires_is_told_as_that()
    {
        await MakeAsync(Ec, Hours(60));
        await MakeAsync(Ec, Hours(26), expires: Start + Hours(5));
        var table = (await KeysAsync()).ShouldSucceed().Lines.Skip(2).Select(Cells).ToList();
        // By five minutes, for clocks that are fast.
        var change = In(Hours(5) - TimeSpan.FromMinutes(5));
        Assert.Equal(("retained", $"signs from {change}"), (table[0][3], table[0][5]));
        Assert.Equal(("signing", $"retained from {change}"), (table[1][3], table[1][5]));
    }

    private async Task DisableAllAsync(string name)
    {
        await foreach (var version in Vault.GetPropertiesOfKeyVersionsAsync(name))
            await Vault.UpdateKeyPropertiesAsync(new KeyProperties(version.Id) { Enabled = false });
    }

    private static string[] Cells(string line) => Gap().Split(line);

    [GeneratedRegex("  +")]
    private static partial Regex Gap();
}
