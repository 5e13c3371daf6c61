using FunctionsAuth.Azure;
using FunctionsAuth.Azure.KeyVault.Local;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Server.Tests;

/// <summary>Keys:Mode local is for an issuer on the same machine, and never for Azure.</summary>
public sealed class LocalKeySettingsTests
{
    private static readonly string Folder = Path.Combine(Path.GetTempPath(), "functionsauth-keys");

    [Theory]
    [InlineData("http://localhost:7071")]
    [InlineData("https://localhost:7071")]
    [InlineData("https://login.localhost")]
    [InlineData("http://login.localhost:7071")]
    [InlineData("http://127.0.0.1:7071")]
    [InlineData("http://127.255.3.4")]
    [InlineData("http://[::1]:7071")]
    public void An_issuer_on_this_machine_may_have_its_keys_there(string issuer) =>
        Assert.Equal(Folder, LocalKeyFolder.Of(AppSettings.Read(Configuration(("Issuer", issuer))).Keys));

    [Theory]
    [InlineData("https://login.example")]
    [InlineData("https://localhost.example")]
    [InlineData("https://notlocalhost")]
    [InlineData("https://127.0.0.1.example")]
    [InlineData("https://128.0.0.1")]
    [InlineData("https://0.0.0.0")]
    [InlineData("https://10.0.0.1")]
    [InlineData("https://[::]")]
    [InlineData("https://[fe80::1]")]
    public void An_issuer_elsewhere_may_not(string issuer) => Assert.Equal(
        "Keys:Mode can be local only while the issuer is on this machine: Issuer must be on localhost, a name below it, 127.0.0.1 or [::1], such as http://localhost:7071. Elsewhere Keys:Mode must be vault or wrapped",
        Refusal(("Issuer", issuer)));

    [Theory]
    [InlineData("WEBSITE_INSTANCE_ID")]
    [InlineData("WEBSITE_SKU")]
    [InlineData("IDENTITY_ENDPOINT")]
    [InlineData("MSI_ENDPOINT")]
    public void Azure_is_no_place_for_such_keys(string variable)
    {
        var configuration = Configuration();
        configuration[variable] = "anything";
        Assert.Equal($"Keys:Mode must be vault or wrapped in Azure, not local: {variable} is set, which says that the app runs in Azure", RefusalOf(configuration));

        configuration["FunctionsAuth:Keys:Mode"] = "vault";
        configuration["FunctionsAuth:Keys:Folder"] = null;
        AppSettings.Read(configuration);
        configuration["FunctionsAuth:Keys:Mode"] = "local";
        configuration[variable] = "";
        AppSettings.Read(configuration);
    }

    [Fact]
    public void A_vault_beside_them_is_refused() =>
        Assert.StartsWith("Vault:Uri must not be set with Keys:Mode local", Refusal(("Vault:Uri", "https://v.vault.azure.net")), StringComparison.Ordinal);

    [Theory]
    [InlineData("local,vault")]
    [InlineData("local,wrapped")]
    public void They_stand_in_for_nothing(string mode) =>
        Assert.Contains("Keys:Mode must be one of vault; wrapped; wrapped,vault; vault,wrapped; local", Refusal(("Keys:Mode", mode)), StringComparison.Ordinal);

    [Fact]
    public void A_folder_that_depends_on_where_the_app_was_started_is_refused() =>
        Assert.Equal("Keys:Folder must be an absolute path; it is keys", Refusal(("Keys:Folder", "keys")));

    [Fact]
    public void Without_a_folder_it_is_one_of_the_user_which_no_build_deletes()
    {
        var configuration = Configuration();
        configuration["FunctionsAuth:Keys:Folder"] = null;
        var folder = LocalKeyFolder.Of(AppSettings.Read(configuration).Keys);
        Assert.Equal(LocalKeyFolder.Default, folder);
        Assert.StartsWith(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), folder, StringComparison.Ordinal);
        Assert.EndsWith(Path.Combine("FunctionsAuth", "keys"), folder, StringComparison.Ordinal);
        // Neither a folder nor a key is made before the app starts.
        new ServiceCollection().AddServer(AppSettings.Read(Configuration(("Keys:Folder", Path.Combine(Folder, "never")))));
        Assert.False(Directory.Exists(Path.Combine(Folder, "never")));
    }

    private static string Refusal(params (string Name, string Value)[] settings) => RefusalOf(Configuration(settings));

    private static string RefusalOf(IConfiguration configuration) =>
        Assert.Single(Assert.Throws<SettingsException>(() => AppSettings.Read(configuration)).Message.Split(Environment.NewLine)[1..]).Trim();

    private static IConfigurationRoot Configuration(params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["FunctionsAuth:Issuer"] = "http://localhost:7071",
            ["FunctionsAuth:Storage:ConnectionString"] = "UseDevelopmentStorage=true",
            ["FunctionsAuth:Keys:Mode"] = "local",
            ["FunctionsAuth:Keys:Folder"] = Folder,
        };
        foreach (var (name, value) in settings)
            all[$"FunctionsAuth:{name}"] = value;
        return new ConfigurationBuilder().AddInMemoryCollection(all).Build();
    }
}
