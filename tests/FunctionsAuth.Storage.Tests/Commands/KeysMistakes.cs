namespace FunctionsAuth.Storage.Tests.Commands;

/// <summary>What <c>keys</c> says when it can't do what was typed: one sentence and status 2.</summary>
public sealed class KeysMistakes : KeyFolder
{
    private const string Nowhere = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;TableEndpoint=http://127.0.0.1:1/a;";

    [Theory]
    [InlineData("http://my-vault.vault.azure.net/")]
    [InlineData("my-vault.vault.azure.net")]
    [InlineData("https://my-vault.vault.azure.net/keys/signing-rsa")]
    [InlineData("/etc")]
    public async Task A_wrong_address_of_a_vault(string address) =>
        (await LocalHostCommand.RunAsync("keys", "--vault", address)).ShouldBeTold($"--vault must be the URL of a key vault, such as https://my-vault.vault.azure.net/; it is {address}.");

    [Theory]
    [InlineData("")]
    [InlineData("rotate")]
    [InlineData("disable 0123")]
    public async Task A_vault_that_is_not_reached(string action) =>
        (await LocalHostCommand.RunAsync(["keys", .. action.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--vault", "https://nowhere.invalid/"]))
            .ShouldBeTold("The keys in nowhere.invalid can't be read. ");

    [Fact]
    public async Task No_place_or_two_for_the_keys()
    {
        const string Sentence = "Name the place of the keys: either a folder with --keys or the URL of a key vault with --vault.";
        (await LocalHostCommand.RunAsync("keys")).ShouldBeTold(Sentence);
        (await KeysAsync("--vault", "https://my-vault.vault.azure.net/")).ShouldBeTold(Sentence);
    }

    [Fact]
    public async Task Keys_of_this_machine_that_are_not_for_the_issuer() =>
        Assert.Contains("Keys:Mode can be local only while the issuer is on this machine", (await LocalHostCommand.RunAsync("keys", "--set", "Keys:Mode=local", "--set", "Issuer=https://login.example")).Error, StringComparison.Ordinal);

    [Fact]
    public async Task Wrapped_keys_without_their_table()
    {
        (await KeysAsync("--set", "Keys:Mode=wrapped")).ShouldBeTold("With Keys:Mode wrapped the keys are in a table. Name its storage account with --storage.");
        // In memory they would be gone with the command.
        (await KeysAsync("rotate", "--set", "Keys:Mode=vault,wrapped")).ShouldBeTold("With Keys:Mode vault,wrapped the keys are in a table. Name its storage account with --storage.");
        Assert.Empty(Files());
    }

    [Fact]
    public async Task A_table_where_no_keys_are_wrapped() =>
        (await KeysAsync("--storage", Nowhere)).ShouldBeTold("--storage is for keys in a table, which Keys:Mode vault does not use. Add --set Keys:Mode=wrapped.");

    [Fact]
    public async Task A_storage_account_that_is_not_reached() =>
        (await KeysAsync("--storage", Nowhere, "--set", "Keys:Mode=wrapped")).ShouldBeTold("The keys in wrapped can't be read. ");

    [Theory]
    [InlineData("Keys:Announce", "--set must have the form Name=value")]
    [InlineData("Keys:Anounce=1.00:00:00", "The settings of FunctionsAuth are wrong:")]
    [InlineData("Keys:Announce=00:00:10", "The settings of FunctionsAuth are wrong:")]
    public async Task A_wrong_setting(string setting, string says)
    {
        var told = await KeysAsync("--set", setting);
        Assert.Equal((2, ""), (told.Status, told.Output));
        Assert.StartsWith(says, told.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_key_file()
    {
        await MakeAsync(Rsa, Hours(50));
        var file = Directory.GetFiles(Folder, "*.pem", SearchOption.AllDirectories).Single();
        await File.WriteAllTextAsync(file, "nothing");
        (await KeysAsync()).ShouldBeTold($"The key file {file} is damaged: ");
    }
}
