using System.Text;

namespace FunctionsAuth.Storage.Tests.Commands;

/// <summary><c>run --storage</c>: any storage account holds the data, and the keys stay on this machine.</summary>
[NeedsStorage]
public sealed class RunOnStorage : IDisposable
{
    private const string Nowhere = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;TableEndpoint=http://127.0.0.1:1/a;";
    private const string NoAccount = "--storage must be a connection string, such as UseDevelopmentStorage=true, or the https URL or the name of a storage account.";

    private readonly string folder = Path.Combine(Path.GetTempPath(), $"functionsauth-run-{Guid.NewGuid():N}");
    private readonly string[] storage = ["--storage", NeedsStorageAttribute.ConnectionString ?? "", "--table-prefix", $"r{Guid.NewGuid():N}"[..12]];

    public void Dispose()
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    [StorageFact]
    public async Task Twice_on_the_same_data_with_the_same_keys()
    {
        IReadOnlyList<string> kids;
        string client;
        using (var first = await LocalHostProcess.StartAsync(["--keys", folder, .. storage]))
        {
            kids = await first.KidsAsync();
            Assert.Equal(2, kids.Count);
            client = await RegisterAsync(first);
            Assert.Contains($"  Keys       {folder}", first.Output, StringComparison.Ordinal);
            Assert.Contains("  Data       kept in Azurite", first.Output, StringComparison.Ordinal);
        }
        using var second = await LocalHostProcess.StartAsync(["--keys", folder, .. storage]);
        Assert.Equal(kids, await second.KidsAsync());
        // What the first one stored the second one knows.
        using var request = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["client_id"] = client,
            ["response_type"] = "code",
            ["redirect_uri"] = "https://app.example/callback",
            ["code_challenge"] = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            ["code_challenge_method"] = "S256",
        });
        var answer = await second.PostAsync("par", request);
        Assert.True(answer.TryGetProperty("request_uri", out _), answer.ToString());
    }

    [Theory]
    [InlineData("AccountName=a;AccountKey=b")]
    [InlineData("UseDevelopmentStorage=false")]
    [InlineData("http://account.example")]
    [InlineData("My-Account")]
    [InlineData("")]
    public async Task What_is_no_account(string account) => (await LocalHostCommand.RunAsync("run", "--storage", account)).ShouldBeTold(NoAccount);

    [Fact]
    public async Task Nor_is_it_for_other_commands()
    {
        const string account = "AccountName=a;AccountKey=b";
        (await LocalHostCommand.RunAsync("user", "ada", "--storage", account)).ShouldBeTold(NoAccount);
        (await LocalHostCommand.RunAsync("registrations", "list", "--storage", account)).ShouldBeTold(NoAccount);
        (await LocalHostCommand.RunAsync("keys", "--keys", folder, "--storage", account, "--set", "Keys:Mode=wrapped")).ShouldBeTold(NoAccount);
    }

    [Fact]
    public async Task An_account_that_is_not_reached()
    {
        await MakeKeysAsync();
        (await LocalHostCommand.RunAsync("run", "--url", "http://127.0.0.1:0", "--storage", Nowhere, "--keys", folder)).ShouldBeTold("The storage is not available. Connection refused");
    }

    [StorageFact]
    public async Task An_account_whose_key_is_another_one()
    {
        await MakeKeysAsync();
        var wrong = storage[1].Replace("AccountKey=E", "AccountKey=A", StringComparison.Ordinal);
        (await LocalHostCommand.RunAsync("run", "--url", "http://127.0.0.1:0", "--storage", wrong, "--keys", folder)).ShouldBeTold("The storage account refused the request: its access key is wrong, or you do not have the role Storage Table Data Contributor. ");
    }

    [StorageFact]
    public async Task Samples_go_into_Azurite_for_an_issuer_on_this_machine()
    {
        var first = (await ImportSamplesAsync("http://localhost:7099", storage)).ShouldSucceed();
        Assert.Contains("clients: 8 created", first.Lines);
        Assert.Contains(first.Lines, line => line.Contains("alice", StringComparison.Ordinal));
        Assert.Contains("clients: 8 unchanged", (await ImportSamplesAsync("http://localhost:7099", storage)).ShouldSucceed().Lines);
        // The demo client's redirect URI is below the issuer.
        Assert.Contains("clients: 1 updated, 7 unchanged", (await ImportSamplesAsync("http://localhost:7100", storage)).ShouldSucceed().Lines);
    }

    [Fact]
    public async Task And_nowhere_else()
    {
        const string Refusal = "The passwords of the samples are public, so the samples are only for an issuer on localhost with its data in Azurite.";
        (await ImportSamplesAsync("https://login.example", ["--storage", "UseDevelopmentStorage=true"])).ShouldBeTold(Refusal);
        (await ImportSamplesAsync("http://localhost:7071", ["--storage", Nowhere])).ShouldBeTold(Refusal);
        (await ImportSamplesAsync("http://localhost:7071", ["--storage", "https://account.table.core.windows.net"])).ShouldBeTold(Refusal);
        (await LocalHostCommand.RunAsync("import", "--storage", Nowhere)).ShouldBeTold("Name either an import file or --samples with an issuer, not both.");
    }

    /// <summary>So that the server has none to make, and to log, before it sees that there is no storage.</summary>
    private async Task MakeKeysAsync() => (await LocalHostCommand.RunAsync("keys", "rotate", "--keys", folder)).ShouldSucceed();

    private static Task<LocalHostCommand> ImportSamplesAsync(string issuer, string[] storage) => LocalHostCommand.RunAsync(["import", "--samples", issuer, .. storage]);

    /// <returns>The client id.</returns>
    private static async Task<string> RegisterAsync(LocalHostProcess server)
    {
        using var metadata = new StringContent(
            """{ "redirect_uris": ["https://app.example/callback"], "token_endpoint_auth_method": "none" }""", Encoding.UTF8, "application/json");
        return (await server.PostAsync("register", metadata)).GetProperty("client_id").GetString()!;
    }
}
