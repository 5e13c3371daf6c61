using System.Net;
using System.Text.Json;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>An issuer with a path: RFC 8414 §3.1 and OpenID Connect Discovery §4 put the path at different places.</summary>
public sealed class IssuerWithPathTests : IAsyncLifetime
{
    private const string Issuer = "https://login.example/tenant";

    private RunningServer server = null!;

    public async Task InitializeAsync() => server = await RunningServer.StartAsync(new ServerSetup { Settings = new() { ["Issuer"] = Issuer } });

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task All_forms_that_clients_probe_are_answered_also_with_a_slash_at_the_end()
    {
        string[] paths =
        [
            "tenant/.well-known/openid-configuration", ".well-known/openid-configuration/tenant",
            "tenant/.well-known/oauth-authorization-server", ".well-known/oauth-authorization-server/tenant",
        ];
        foreach (var path in paths.SelectMany(path => (string[])[path, path + "/"]))
        {
            var response = await server.Http.GetAsync(path);
            Assert.True(response.StatusCode == HttpStatusCode.OK, path);
            var metadata = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
            Assert.Equal(Issuer, metadata.GetProperty("issuer").GetString());
            Assert.Equal("https://login.example/token", metadata.GetProperty("token_endpoint").GetString());
        }
    }

    [Fact]
    public async Task Any_other_path_is_another_issuer()
    {
        string[] paths =
        [
            ".well-known/openid-configuration",
            ".well-known/oauth-authorization-server",
            "other/.well-known/openid-configuration",
            "TENANT/.well-known/openid-configuration",
            ".well-known/openid-configuration/other",
            ".well-known/openid-configuration/tenant/other",
            ".well-known/oauth-authorization-server/tenant2",
            ".well-known/oauth-authorization-server/tenant//",
            "other/.well-known/oauth-authorization-server",
        ];
        foreach (var path in paths)
            Assert.True((await server.Http.GetAsync(path)).StatusCode == HttpStatusCode.NotFound, path);
    }

    [Fact]
    public async Task Tokens_and_answers_carry_the_whole_issuer()
    {
        var answer = await new Browser(server).AuthorizeAsync(new AuthorizationParameters());
        Assert.Equal(Issuer, answer.Parameters["iss"]);
        var tokens = await new ClientApp(server).RedeemAsync(answer.Parameters["code"]);
        Assert.Equal(Issuer, JsonAnswer.Claims(tokens.IdToken).GetProperty("iss").GetString());
        Assert.Equal(200, (await new ClientApp(server).UserInfoAsync(tokens.AccessToken)).Status);
    }
}
