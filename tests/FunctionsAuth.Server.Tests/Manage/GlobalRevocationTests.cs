using System.Text;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Manage;

/// <summary>Global Token Revocation. Requirements GTR1 to GTR3.</summary>
public sealed class GlobalRevocationTests(ManageServer manage) : IClassFixture<ManageServer>
{
    [Theory]
    [InlineData("""{"format":"iss_sub","iss":"https://login.example","sub":"alice-subject"}""")]
    [InlineData("""{"format":"opaque","id":"alice-subject"}""")]
    [InlineData("""{"format":"email","email":"alice@example.com"}""")]
    public async Task Everything_of_a_person_is_dead_after_one_call(string subject)
    {
        var web = manage.App();
        var tokens = (await web.LoginAsync()).ShouldBeOk();
        manage.Server.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(204, await CallAsync($$"""{"sub_id":{{subject}}}"""));
        await web.ShouldBeRevokedAsync(tokens);
        (await web.LoginAsync(browser: new Browser(manage.Server))).ShouldBeOk();
    }

    [Theory]
    [InlineData("""{"sub_id":{"format":"opaque","id":"nobody"}}""", 404)]
    [InlineData("""{"sub_id":{"format":"iss_sub","iss":"https://other.example","sub":"alice-subject"}}""", 404)]
    [InlineData("""{"sub_id":{"format":"email","email":"nobody@example.com"}}""", 404)]
    [InlineData("""{"sub_id":{"format":"phone_number","phone_number":"+1"}}""", 400)]
    [InlineData("""{"sub_id":{"format":"opaque"}}""", 400)]
    [InlineData("""{"sub_id":"alice-subject"}""", 400)]
    [InlineData("""{}""", 400)]
    [InlineData("{", 400)]
    public async Task A_body_that_names_nobody_is_refused(string body, int status) => Assert.Equal(status, await CallAsync(body));

    [Fact]
    public async Task It_needs_its_own_scope_and_is_in_the_metadata()
    {
        Assert.Equal(401, await CallAsync("{}", token: ""));
        Assert.Equal(403, await CallAsync("""{"sub_id":{"format":"opaque","id":"alice-subject"}}""", (await manage.AsRobotAsync(ManageScopes.UsersWrite)).Token));
        var metadata = await manage.Server.Http.GetStringAsync(".well-known/openid-configuration");
        Assert.Contains($"\"global_token_revocation_endpoint\":\"{RunningServer.Issuer}/global_token_revocation\"", metadata, StringComparison.Ordinal);
    }

    private async Task<int> CallAsync(string body, string? token = null)
    {
        token ??= (await manage.AsRobotAsync(ManageScopes.Revoke)).Token;
        using var request = new HttpRequestMessage(HttpMethod.Post, "global_token_revocation") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (token is { Length: > 0 })
            request.Headers.Authorization = new("Bearer", token);
        using var answer = await manage.Server.Http.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
