using FunctionsAuth.Azure;
using Microsoft.Extensions.Configuration;

namespace FunctionsAuth.Server.Tests;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("Lifetime:AccessToken", "00:05:00", "There is no setting 'Lifetime'")]
    [InlineData("Lifetimes:AcessToken", "00:05:00", "There is no setting 'AcessToken'")]
    [InlineData("Lifetimes:AccessToken", "soon", "Lifetimes:AccessToken")]
    [InlineData("Lifetimes:AccessToken", "-00:05:00", "Lifetimes:AccessToken must be between")]
    [InlineData("Lockout:MaxFailures", "many", "Lockout:MaxFailures")]
    [InlineData("Issuer", "login.example", "Issuer must be an absolute https URL")]
    public void A_wrong_setting_stops_the_start_and_is_named(string name, string value, string says)
    {
        var refusal = Assert.Throws<SettingsException>(() => AppSettings.Read(Configuration((name, value))));
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_is_read_where_the_functions_host_puts_it()
    {
        var settings = AppSettings.Read(Configuration(("Lifetimes:RefreshTokenGrace", "00:00:10"), ("Storage:TablePrefix", "test"), ("Vault:Uri", "https://v.vault.azure.net")));
        Assert.Equal(TimeSpan.FromSeconds(10), settings.Lifetimes.RefreshTokenGrace);
        Assert.Equal("test", settings.Storage.TablePrefix);
        Assert.Equal("v.vault.azure.net", settings.Vault.Uri!.Host);
    }

    private static IConfigurationRoot Configuration(params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string?> { ["FunctionsAuth:Issuer"] = "https://login.example" };
        foreach (var (name, value) in settings)
            all[$"FunctionsAuth:{name}"] = value;
        return new ConfigurationBuilder().AddInMemoryCollection(all).Build();
    }
}
