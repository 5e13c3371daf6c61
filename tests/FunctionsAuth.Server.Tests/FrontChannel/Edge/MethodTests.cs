using System.Net;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

public sealed class MethodTests(FrontServer shared) : IClassFixture<FrontServer>
{
    [Theory]
    [InlineData("authorize", "GET, POST")]
    [InlineData("login", "GET, POST")]
    [InlineData("consent", "GET, POST")]
    [InlineData("logout", "GET, POST")]
    public async Task A_page_refuses_other_methods_with_a_page(string path, string allowed)
    {
        foreach (var method in (string[])["PUT", "DELETE", "PATCH"])
        {
            var answer = await SendAsync(method, path);
            Expect.Page(answer, "method", HttpStatusCode.MethodNotAllowed);
            Assert.Equal(allowed, string.Join(", ", answer.Response.Content.Headers.Allow));
        }
    }

    [Theory]
    [InlineData("token", "POST", "GET")]
    [InlineData("introspect", "POST", "GET")]
    [InlineData("revoke", "POST", "GET")]
    [InlineData("userinfo", "GET, POST", "DELETE")]
    [InlineData(".well-known/openid-configuration", "GET", "POST")]
    [InlineData(".well-known/oauth-authorization-server", "GET", "POST")]
    [InlineData(".well-known/jwks.json", "GET", "POST")]
    [InlineData("health", "GET", "POST")]
    [InlineData("health/ready", "GET", "POST")]
    [InlineData("assets/style.css", "GET", "POST")]
    public async Task An_endpoint_for_programs_refuses_them_with_JSON(string path, string allowed, string wrong)
    {
        foreach (var method in (string[])[wrong, "PUT", "DELETE", "PATCH"])
        {
            var answer = await SendAsync(method, path);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.Status);
            Assert.Equal("application/json", answer.Response.Content.Headers.ContentType?.ToString());
            Assert.Contains("\"error\":\"invalid_request\"", answer.Body);
            Assert.Equal(allowed, string.Join(", ", answer.Response.Content.Headers.Allow));
            Expect.NotStored(answer);
        }
    }

    [Theory]
    [InlineData(".well-known/openid-configuration", "application/json")]
    [InlineData(".well-known/jwks.json", "application/json")]
    [InlineData("health", "application/json")]
    [InlineData("assets/style.css", "text/css; charset=utf-8")]
    public async Task HEAD_answers_as_GET_does(string path, string contentType)
    {
        var head = await SendAsync("HEAD", path);
        var get = await SendAsync("GET", path);
        Assert.Equal(HttpStatusCode.OK, head.Status);
        Assert.Equal(contentType, head.Response.Content.Headers.ContentType?.ToString());
        Assert.Equal(get.Response.Headers.CacheControl?.ToString(), head.Response.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task HEAD_is_not_for_what_changes_things()
    {
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await SendAsync("HEAD", "logout")).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await SendAsync("HEAD", new AuthorizationParameters().Url)).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await SendAsync("HEAD", "token")).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await SendAsync("HEAD", "revoke")).Status);
    }

    private async Task<Answer> SendAsync(string method, string path) =>
        await Answer.ReadAsync(await shared.Server.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path)));
}
