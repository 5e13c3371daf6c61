using System.Net;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests;

public sealed class CodeFlowTests
{
    [Fact]
    public async Task A_user_signs_in_and_the_client_gets_tokens()
    {
        await using var server = await RunningServer.StartAsync();
        var answer = await new Browser(server).AuthorizeAsync(new AuthorizationParameters(scope: "openid profile"));
        Assert.True(answer.Status == HttpStatusCode.SeeOther, answer.Body);
        Assert.StartsWith("https://web.example/callback?", answer.Location);
        Assert.Equal("state-of-the-test", answer.Parameters["state"]);
        Assert.Equal(RunningServer.Issuer, answer.Parameters["iss"]);

        var tokens = await new ClientApp(server).RedeemAsync(answer.Parameters["code"]);

        Assert.Equal(200, tokens.Status);
        var idToken = JsonAnswer.Claims(tokens.IdToken);
        Assert.Equal("alice-subject", idToken.GetProperty("sub").GetString());
        Assert.Equal("nonce-of-the-test", idToken.GetProperty("nonce").GetString());
        Assert.Equal("web", idToken.GetProperty("aud").GetString());
        var user = await new ClientApp(server).UserInfoAsync(tokens.AccessToken);
        Assert.Equal("Alice Example", user["name"]);
    }
}
