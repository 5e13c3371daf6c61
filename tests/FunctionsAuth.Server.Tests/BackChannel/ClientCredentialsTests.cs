using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.BackChannel;

public sealed class ClientCredentialsTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Fact]
    public async Task A_client_gets_all_of_its_scopes_when_it_names_none()
    {
        var token = (await TokenAsync()).ShouldBeOk();
        Assert.Equal("api.read api.write anywhere", token["scope"]);
        Assert.Equal(["access_token", "token_type", "expires_in", "scope"], token.Json.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task The_subject_is_the_client()
    {
        var claims = JsonAnswer.Claims((await TokenAsync()).ShouldBeOk().AccessToken);
        Assert.Equal(["iss", "sub", "aud", "client_id", "iat", "exp", "jti", "scope"], claims.EnumerateObject().Select(member => member.Name));
        Assert.Equal("service", claims.GetProperty("sub").GetString());
        Assert.Equal("service", claims.GetProperty("client_id").GetString());
        Assert.Equal("https://api.example", claims.GetProperty("aud").GetString());
    }

    [Theory]
    [InlineData("api.read", "https://api.example")]
    [InlineData("anywhere", RunningServer.Issuer)]
    [InlineData("api.read api.read", "https://api.example")]
    public async Task A_client_may_ask_for_less(string scope, string audience)
    {
        var token = (await TokenAsync(("scope", scope))).ShouldBeOk();
        Assert.Equal(scope.Split(' ')[0], token["scope"]);
        Assert.Equal(audience, JsonAnswer.Claims(token.AccessToken).GetProperty("aud").GetString());
    }

    [Theory]
    [InlineData("openid")]
    [InlineData("api.read profile")]
    [InlineData("api.read offline_access")]
    [InlineData("other.read")]
    [InlineData("unknown")]
    [InlineData("api.read \"")]
    [InlineData("api.read\\")]
    [InlineData("api.read\u00e9")]
    [InlineData("api.read\tanywhere")]
    public async Task A_scope_that_it_may_not_have_is_refused(string scope) => (await TokenAsync(("scope", scope))).ShouldFail("invalid_scope");

    [Fact]
    public async Task Scopes_of_a_user_are_left_out_even_when_the_client_has_them_registered()
    {
        await shared.Server.RegisterAsync(Client("mixed") with { Scope = "openid profile offline_access api.read" });
        Assert.Equal("api.read", (await TokenAsync("mixed")).ShouldBeOk()["scope"]);
        (await TokenAsync("mixed", ("scope", "openid"))).ShouldFail("invalid_scope");
    }

    [Fact]
    public async Task A_resource_narrows_the_audience()
    {
        var token = (await TokenAsync(("resource", "https://api.example"))).ShouldBeOk();
        Assert.Equal("https://api.example", JsonAnswer.Claims(token.AccessToken).GetProperty("aud").GetString());
        (await TokenAsync(("resource", "https://other.example"))).ShouldFail("invalid_target");
        (await TokenAsync(("resource", "https://unknown.example"))).ShouldFail("invalid_target");
    }

    [Fact]
    public async Task A_resource_without_scopes_leaves_none_in_the_token()
    {
        await shared.Server.RegisterAsync(Client("plain") with { Resources = ["https://plain.example"] });
        var token = (await TokenAsync("plain", ("resource", "https://plain.example"))).ShouldBeOk();
        Assert.Equal("https://plain.example", JsonAnswer.Claims(token.AccessToken).GetProperty("aud").GetString());
        Assert.Null(token["scope"]);
        (await TokenAsync("plain", ("resource", "https://plain.example"), ("scope", "api.read"))).ShouldFail("invalid_scope");
    }

    [Fact]
    public async Task A_public_client_is_refused()
    {
        (await shared.App("spa").PostAsync("token", [("grant_type", "client_credentials")])).ShouldFail("unauthorized_client");
        await shared.Server.RegisterAsync(Client("public") with { TokenEndpointAuthMethod = "none" });
        (await shared.Server.PostAsync("token", "grant_type=client_credentials&client_id=public")).ShouldFail("unauthorized_client");
    }

    private static Client Client(string id) => new()
    {
        ClientId = id,
        ClientSecrets = [new(ServerRecords.HashOf(RawRequests.SecretOf(id)))],
        GrantTypes = [FunctionsAuth.Protocol.Wire.GrantTypeNames.ClientCredentials],
        Scope = "api.read",
    };

    private Task<JsonAnswer> TokenAsync(params (string, string?)[] fields) => TokenAsync("service", fields);

    private Task<JsonAnswer> TokenAsync(string clientId, params (string, string?)[] fields) =>
        shared.App(clientId).PostAsync("token", [("grant_type", "client_credentials"), .. fields]);
}
