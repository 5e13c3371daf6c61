using FunctionsAuth.Azure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Server.Tests;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("Lifetime:AccessToken", "00:05:00", "There is no setting 'Lifetime'")]
    [InlineData("Lifetimes:AcessToken", "00:05:00", "There is no setting 'Lifetimes:AcessToken'")]
    [InlineData("Lifetimes:AccessToken", "soon", "Lifetimes:AccessToken")]
    [InlineData("Account:EditableClaims", "name address", "Account:EditableClaims must not have address")]
    [InlineData("Lifetimes:AccessToken", "-00:05:00", "Lifetimes:AccessToken must be between")]
    [InlineData("Lockout:MaxFailures", "many", "Lockout:MaxFailures")]
    [InlineData("Issuer", "login.example", "Issuer must be an absolute https URL")]
    [InlineData("TokenAlgorithms", "RS256 HS256", "TokenAlgorithms must have one or more of RS256, PS256, ES256")]
    [InlineData("TokenAlgorithms", " ", "TokenAlgorithms must have one or more of RS256, PS256, ES256")]
    [InlineData("TokenAlgorithms", "ES256", "AccessTokenAlgorithm must be one of ES256")]
    [InlineData("Registration:PrivateUseSchemes", "vscode javascript", "javascript is none")]
    [InlineData("Registration:PrivateUseSchemes", "https", "https is none")]
    [InlineData("PublicUrl", "http://localhost", "PublicUrl must be https, as the issuer is")]
    [InlineData("Storage:TablePrefix", "my-app", "Storage:TablePrefix must be")]
    [InlineData("Storage:AccountUri", "http://account.example", "Storage:AccountUri must be an https URL")]
    [InlineData("Vault:Uri", "http://vault.example", "Vault:Uri and Vault:MoreUris must be https URLs")]
    [InlineData("Keys:RsaKeyName", "my/key", "Keys:RsaKeyName")]
    [InlineData("Keys:EcKeyName", "signing-rsa", "must differ")]
    [InlineData("Keys:Mode", "both", "Keys:Mode must be one of vault; wrapped; wrapped,vault; vault,wrapped; local")]
    [InlineData("Keys:Folder", "/keys", "Keys:Folder is of use only with Keys:Mode local; Keys:Mode is vault")]
    [InlineData("Keys:ClockSkew", "02:00:00", "Keys:ClockSkew must be between")]
    [InlineData("Vault:MoreUris:0", "https://v.vault.azure.net", "Vault:Uri must be set if Vault:MoreUris is set")]
    [InlineData("Fetch:TrustedHosts:0", "https://host.example", "Fetch:TrustedHosts must be host names")]
    [InlineData("Registration:Mode", "anyone", "Registration:Mode must be one of token, open, off")]
    [InlineData("Registration:Scopes", " ", "Registration:Scopes must name at least one scope")]
    [InlineData("Registration:UnusedFor", "00:10:00", "Registration:UnusedFor must be between")]
    [InlineData("Registration:OpenLimitPerHour", "0", "Registration:OpenLimitPerHour must be between 1 and 100000")]
    [InlineData("Mail:Mode", "page", "Mail:Mode can be page only while the issuer is on this machine")]
    [InlineData("Mail:Mode", "fax", "Mail:Mode must be smtp or page")]
    [InlineData("Mail:Host", "smtp.example", "Mail:From must be set where Mail:Host is")]
    [InlineData("Mail:Host", "smtp example", "Mail:Host must be the name of a mail server")]
    [InlineData("Mail:Username", "mailer", "Mail:Host must be set where Mail:Username")]
    [InlineData("Mail:Security", "none", "Mail:Security can be none only where Mail:Host is on this machine")]
    [InlineData("Mail:Port", "0", "Mail:Port must be from 1 to 65535")]
    [InlineData("Mail:From", "Mailer <a@example.com>", "Mail:From must be one address")]
    [InlineData("Mail:FromName", "a\nb", "Mail:FromName must have 1 to 80 characters")]
    [InlineData("ClientIdMetadataDocuments", "maybe", "ClientIdMetadataDocuments must be true or false")]
    [InlineData("CacheFor", "soon", "CacheFor must be a duration")]
    [InlineData("CacheFor:Clients", "00:01:00", "There is no setting 'CacheFor:Clients'")]
    [InlineData("Mail:Port", "smtp", "Mail:Port must be a whole number")]
    [InlineData("ClientAddress:FrontDoorId", "mine", "ClientAddress:FrontDoorId must be a GUID")]
    [InlineData("Lifetimes", "00:05:00", "Lifetimes is a group of settings")]
    [InlineData("Fetch:TrustedHosts", "apps.example", "Fetch:TrustedHosts is a list: its first value is Fetch:TrustedHosts:0")]
    [InlineData("Outbox:QueueName", "q", "There is no setting 'Outbox'")]
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

    [Fact]
    public void Every_wrong_setting_is_named_at_once()
    {
        var refusal = Assert.Throws<SettingsException>(() => AppSettings.Read(Configuration(("CacheFor", "soon"), ("Lifetime:AccessToken", "1"), ("Mail:Port", "x"))));
        Assert.All(["CacheFor", "Lifetime'", "Mail:Port"], name => Assert.Contains(name, refusal.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_setting_below_one_that_has_a_value_is_unknown()
    {
        var refusal = Assert.Throws<SettingsException>(() => AppSettings.Read(Configuration(("CacheFor", "00:01:00"), ("CacheFor:Clients", "00:02:00"))));
        Assert.Contains("There is no setting 'CacheFor:Clients'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_read_in_any_case()
    {
        var settings = AppSettings.Read(Configuration(("VAULT:uri", "https://v.vault.azure.net"), ("vault:MOREURIS:0", "https://w.vault.azure.net")));
        Assert.Equal(["v.vault.azure.net", "w.vault.azure.net"], settings.Vault.MoreUris.Prepend(settings.Vault.Uri!).Select(uri => uri.Host));
    }

    [Fact]
    public void The_values_of_a_list_are_read_in_order_and_empty_addresses_are_not_set()
    {
        var settings = AppSettings.Read(Configuration(("Fetch:TrustedHosts:1", "b"), ("Fetch:TrustedHosts:0", "a"), ("Fetch:TrustedHosts:10", "c"), ("PublicUrl", "")));
        Assert.Equal(["a", "b", "c"], settings.Fetch.TrustedHosts);
        Assert.Null(settings.PublicUrl);
    }

    [Theory]
    [InlineData("https://V.vault.azure.net", "vault", "Vault:Uri and Vault:MoreUris must be different vaults")]
    [InlineData("https://w.vault.azure.net", "wrapped", "Vault:MoreUris must not be set with Keys:Mode wrapped")]
    public void More_vaults_are_others_and_are_used(string more, string mode, string says)
    {
        var refusal = Assert.Throws<SettingsException>(() => AppSettings.Read(Configuration(
            ("Vault:Uri", "https://v.vault.azure.net"), ("Vault:MoreUris:0", more), ("Keys:Mode", mode))));
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Storage:ConnectionString", "UseDevelopmentStorage=true", "Vault:Uri must be set")]
    [InlineData("Vault:Uri", "https://v.vault.azure.net", "Storage:AccountUri or Storage:ConnectionString must be set")]
    public void The_app_does_not_start_without_a_place_for_its_tables_and_keys(string name, string value, string says)
    {
        var settings = AppSettings.Read(Configuration((name, value)));
        var refusal = Assert.Throws<SettingsException>(() => new ServiceCollection().AddServer(settings));
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
    }

    private static IConfigurationRoot Configuration(params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string?> { ["FunctionsAuth:Issuer"] = "https://login.example" };
        foreach (var (name, value) in settings)
            all[$"FunctionsAuth:{name}"] = value;
        return new ConfigurationBuilder().AddInMemoryCollection(all).Build();
    }
}
