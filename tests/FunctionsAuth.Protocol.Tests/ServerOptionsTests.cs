using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.Protocol.Tests;

public sealed class ServerOptionsTests
{
    private static readonly ServerOptions Good = new() { Issuer = new Uri("https://login.example") };

    [Fact]
    public void The_defaults_are_right_but_for_the_issuer()
    {
        Assert.Empty(Good.Problems());
        Assert.StartsWith("Issuer is not set", Assert.Single(new ServerOptions().Problems()));
    }

    [Theory]
    [InlineData("http://login.example", "https")]
    [InlineData("https://login.example?x=1", "without query")]
    [InlineData("https://login.example/#x", "without query")]
    [InlineData("https://user@login.example", "user")]
    [InlineData("ftp://login.example", "https")]
    [InlineData("https://login.example/a/b", "one path segment")]
    [InlineData("https://login.example/a/", "must not end in a slash")]
    [InlineData("https://Login.example", "must be written as clients will compare it: https://login.example")]
    [InlineData("https://login.example:443", "must be written as clients will compare it: https://login.example")]
    public void An_issuer_that_clients_would_refuse_is_refused_at_the_start(string issuer, string says) =>
        Assert.Contains(says, Assert.Single((Good with { Issuer = new Uri(issuer) }).Problems()), StringComparison.Ordinal);

    [Theory]
    [InlineData("http://localhost:7071")]
    [InlineData("http://127.0.0.1:7071")]
    [InlineData("https://login.example/tenant")]
    public void An_issuer_on_this_machine_may_be_http_and_any_may_have_a_path(string issuer) =>
        Assert.Empty((Good with { Issuer = new Uri(issuer) }).Problems());

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("two\nlines")]
    public void The_name_of_the_operator_is_a_line_that_people_can_read(string name)
    {
        Assert.StartsWith("OperatorName must have 1 to 80 characters", Assert.Single((Good with { OperatorName = name }).Problems()));
        Assert.Single((Good with { OperatorName = new string('x', 81) }).Problems());
        Assert.Empty((Good with { OperatorName = "Contoso, Ltd." }).Problems());
    }

    [Theory]
    [InlineData("fapi1", "RS256 PS256 ES256", "Profile must be one of fapi2_security, fapi2_message_signing")]
    [InlineData("fapi2_security", "RS256", "TokenAlgorithms must have one of PS256, ES256, as Profile is fapi2_security")]
    public void A_profile_is_known_and_has_an_algorithm(string profile, string algorithms, string says)
    {
        Assert.StartsWith(says, Assert.Single((Good with { Profile = profile, TokenAlgorithms = algorithms }).Problems()), StringComparison.Ordinal);
        Assert.Empty((Good with { Profile = "fapi2_security", TokenAlgorithms = "RS256 ES256" }).Problems());
    }

    [Fact]
    public void Keys_are_announced_for_longer_than_clients_keep_the_jwks()
    {
        var hasty = Good with { Keys = new KeyOptions { Announce = TimeSpan.FromHours(1) } };
        Assert.StartsWith("Keys:Announce must be at least", Assert.Single(hasty.Problems()));
    }

    [Fact]
    public void Every_wrong_setting_is_named_with_what_it_may_be()
    {
        var wrong = Good with
        {
            AccessTokenAlgorithm = "HS256",
            Lifetimes = new LifetimeOptions { AccessToken = TimeSpan.FromDays(2), AuthorizationCode = TimeSpan.FromHours(1) },
            Lockout = new LockoutOptions { MaxFailures = 0 },
            Fetch = new FetchOptions { KeysMinAge = TimeSpan.Zero },
        };
        Assert.Equal(
            [
                "AccessTokenAlgorithm must be one of RS256, PS256, ES256",
                "Lifetimes:AuthorizationCode must be between 00:00:01 and 00:10:00; it is 01:00:00",
                "Lifetimes:AccessToken must be between 00:00:01 and 1.00:00:00; it is 2.00:00:00",
                "Lockout:MaxFailures must be between 1 and 100",
                "Fetch:KeysMinAge must be between 00:00:01 and 01:00:00; it is 00:00:00",
            ],
            wrong.Problems());
    }

    [Theory]
    [InlineData("https://login.example", "https://login.example")]
    [InlineData("https://login.example/", "https://login.example")]
    [InlineData("https://login.example/tenant", "https://login.example/tenant")]
    public void The_issuer_has_no_final_slash_without_a_path(string configured, string issuer)
    {
        var urls = new ServerUrls(Good with { Issuer = new Uri(configured) });
        Assert.Equal(issuer, urls.Issuer);
        Assert.Equal("https://login.example/token", urls.Of(Routes.Token));
    }

    [Fact]
    public void Endpoints_are_where_the_public_url_says()
    {
        var urls = new ServerUrls(Good with { PublicUrl = new Uri("https://www.example/auth/") });
        Assert.Equal("https://www.example/auth/token", urls.Of(Routes.Token));
    }
}
