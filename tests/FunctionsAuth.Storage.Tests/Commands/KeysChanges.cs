using System.Text.Json;
using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.Storage.Tests.Commands;

/// <summary>What <c>keys rotate</c> and <c>keys disable</c> do, and what they say of it.</summary>
public sealed class KeysChanges : KeyFolder
{
    [Fact]
    public async Task A_rotation_makes_a_version_of_each_type_and_says_from_when_it_will_sign()
    {
        var (rsa, ec) = (await MakeAsync(Rsa, Hours(50)), await MakeAsync(Ec, Hours(50)));
        var rotated = (await KeysAsync("rotate")).ShouldSucceed();
        var states = await StatesAsync();
        Assert.Equal([(rsa, "signing"), (states[1].Kid, "announced"), (ec, "signing"), (states[3].Kid, "announced")], states);
        var made = (await ShowAsync()).GetProperty("keys").EnumerateArray().Where(key => key.GetProperty("state").GetString() == "announced").ToList();
        Assert.Equal(made.Select(Sentence), rotated.Lines);

        string Sentence(JsonElement key) =>
            $"{key.GetProperty("kid").GetString()} is a new version of the {key.GetProperty("type").GetString()} key in {Vault.VaultUri.Host}: "
            + $"announced, and signs from {Text(key.GetProperty("since").GetDateTimeOffset() + Hours(24))}.";
    }

    [Theory]
    [InlineData("rsa", "RSA")]
    [InlineData("ec", "EC")]
    public async Task A_rotation_of_one_type_leaves_the_other_alone(string type, string name)
    {
        await MakeAsync(Rsa, Hours(50));
        await MakeAsync(Ec, Hours(50));
        var before = Files();
        Assert.Contains($"new version of the {name} key", Assert.Single((await KeysAsync("rotate", type)).ShouldSucceed().Lines), StringComparison.Ordinal);
        var made = Files().Keys.Except(before.Keys).ToList();
        Assert.Equal(2, made.Count);
        Assert.All(made, file => Assert.Contains($"signing-{type}", file, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keys_of_this_machine_are_where_the_setting_says()
    {
        string[] settings = ["--set", "Keys:Mode=local", "--set", $"Keys:Folder={Folder}"];
        (await LocalHostCommand.RunAsync(["keys", "rotate", .. settings])).ShouldSucceed();
        Assert.Equal(["signing", "signing"], (await StatesAsync()).Select(key => key.State));
        var (kid, _) = (await StatesAsync())[0];
        (await LocalHostCommand.RunAsync(["keys", "disable", kid, "--force", .. settings])).ShouldSucceed();
        Assert.DoesNotContain(kid, (await LocalHostCommand.RunAsync(["keys", .. settings])).ShouldSucceed().Output, StringComparison.Ordinal);
        // The folder of the option stands for a setting that is not there.
        Assert.Single(await StatesAsync("--set", "Keys:Mode=local"));
    }

    [Fact]
    public async Task The_first_version_signs_at_once()
    {
        var rotated = (await KeysAsync("rotate", "rsa")).ShouldSucceed();
        var (kid, state) = Assert.Single(await StatesAsync());
        Assert.Equal("signing", state);
        Assert.Equal([$"{kid} is a new version of the RSA key in {Vault.VaultUri.Host}: it signs RS256 and PS256 at once, because no other version is usable."], rotated.Lines);
    }

    [Fact]
    public async Task An_unknown_type_is_refused_and_makes_nothing()
    {
        (await KeysAsync("rotate", "dsa")).ShouldBeTold("There is no dsa key. Use rotate rsa, rotate ec, or rotate alone for both.");
        Assert.Empty(Files());
    }

    [Fact]
    public async Task Who_disables_the_version_that_signs_is_told_which_one_signs_then()
    {
        var (first, second) = (await MakeAsync(Rsa, Hours(60)), await MakeAsync(Rsa, Hours(30)));
        var disabled = (await KeysAsync("disable", second)).ShouldSucceed();
        Assert.Equal(
            [
                $"{second} is a version of the RSA key in {Vault.VaultUri.Host}: signing since {Ago(Hours(6))}.",
                $"Then {first} in {Vault.VaultUri.Host} signs, known since {Ago(Hours(60))}.",
                "Tokens that it signed will be refused: by the server within Keys:RefreshEvery (00:05:00), by others when they read the JWKS again, within Keys:JwksMaxAge (01:00:00) after that.",
                "The version is disabled.",
            ],
            disabled.Lines);
        Assert.Equal([(first, "signing")], await StatesAsync());
    }

    [Fact]
    public async Task Who_disables_it_while_the_next_one_is_announced_is_told_until_when_clients_may_not_know_that_one()
    {
        var (first, second) = (await MakeAsync(Ec, Hours(60)), await MakeAsync(Ec, Hours(1)));
        var disabled = (await KeysAsync("disable", first)).ShouldSucceed();
        Assert.Contains(
            $"Then {second} in {Vault.VaultUri.Host} signs, known since {Ago(Hours(1))}. This is a short time: clients that have not read the JWKS since then may refuse its tokens, until {In(Hours(23))} at the latest.",
            disabled.Lines);
        Assert.Equal([(second, "signing")], await StatesAsync());
    }

    [Theory]
    [InlineData(90, "retired", "No valid token was signed with it.")]
    [InlineData(50, "retained", "Tokens that it signed will be refused: by the server")]
    [InlineData(1, "announced", "No valid token was signed with it since then.")]
    public async Task Who_disables_one_that_does_not_sign_is_told_what_becomes_of_its_tokens(int age, string state, string sentence)
    {
        Dictionary<int, string> kids = [];
        foreach (var hours in (int[])[90, 50, 30, 1])
            kids[hours] = await MakeAsync(Rsa, Hours(hours));
        var disabled = (await KeysAsync("disable", kids[age])).ShouldSucceed();
        Assert.StartsWith($"{kids[age]} is a version of the RSA key in {Vault.VaultUri.Host}: {state} since", disabled.Lines[0], StringComparison.Ordinal);
        Assert.Equal("The versions that sign stay the same.", disabled.Lines[1]);
        Assert.StartsWith(sentence, disabled.Lines[2], StringComparison.Ordinal);
        var left = await StatesAsync();
        Assert.DoesNotContain(kids[age], left.Select(key => key.Kid));
        Assert.Equal((3, (kids[30], "signing")), (left.Count, left.Single(key => key.State == "signing")));
    }

    [Fact]
    public async Task The_only_usable_version_is_disabled_by_force_alone()
    {
        var only = await MakeAsync(Rsa, Hours(60));
        await MakeAsync(Ec, Hours(60));
        // One that has expired does not help.
        await MakeAsync(Rsa, Hours(90), expires: Start - Hours(1));
        var before = Files();
        (await KeysAsync("disable", only)).ShouldBeTold(
            $"{only} is the only usable version of the RSA key. If you disable it, the server cannot sign with RS256 and PS256 until a new version exists. Create one first with `keys rotate rsa`, or add --force.");
        Assert.Equal(before, Files());

        var disabled = (await KeysAsync("disable", "--force", only)).ShouldSucceed();
        Assert.Equal("The server cannot sign with RS256 and PS256 until a new version exists.", disabled.Lines[1]);
        Assert.DoesNotContain(only, (await StatesAsync()).Select(key => key.Kid));
    }

    [Fact]
    public async Task After_a_rotation_the_version_before_can_be_disabled_without_force()
    {
        var first = await MakeAsync(Ec, Hours(60));
        (await KeysAsync("rotate", "ec")).ShouldSucceed();
        (await KeysAsync("disable", first)).ShouldSucceed();
        Assert.Equal("signing", Assert.Single(await StatesAsync()).State);
    }

    [Fact]
    public async Task An_unknown_kid_is_told_in_a_sentence()
    {
        var first = await MakeAsync(Ec, Hours(60));
        await MakeAsync(Ec, Hours(30));
        (await KeysAsync("disable", first[..^1])).ShouldBeTold($"No enabled version in {Vault.VaultUri.Host} has the kid {first[..^1]}.");
        // What is disabled already is not there for the server either.
        (await KeysAsync("disable", first)).ShouldSucceed();
        (await KeysAsync("disable", first)).ShouldBeTold($"No enabled version in {Vault.VaultUri.Host} has the kid {first}.");
    }

    [Fact]
    public async Task A_kid_may_begin_with_a_hyphen()
    {
        await MakeAsync(Ec, Hours(60));
        var key = Enumerable.Repeat(0, 10_000).Select(_ => PrivateKey.Create(SigningKeyType.Ec)).First(made => made.PublicKey.Kid.StartsWith('-'));
        var file = Path.Combine(Folder, Ec, Guid.NewGuid().ToString("N"));
        await File.WriteAllTextAsync($"{file}.pem", key.Use(ec => ec.ExportPkcs8PrivateKeyPem()));
        await File.WriteAllTextAsync($"{file}.json", JsonSerializer.Serialize(new { created = Start - Hours(50), updated = Start - Hours(50), enabled = true }));
        Assert.Equal("signing", (await StatesAsync()).Single(version => version.Kid == key.PublicKey.Kid).State);
        (await KeysAsync("disable", "--", key.PublicKey.Kid)).ShouldSucceed();
        Assert.DoesNotContain(key.PublicKey.Kid, (await StatesAsync()).Select(version => version.Kid));
    }
}
