using System.Net;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

public sealed class CorsTests(FrontServer shared) : IClassFixture<FrontServer>
{
    private const string Spa = "https://spa.example";

    [Theory]
    [InlineData(".well-known/openid-configuration")]
    [InlineData(".well-known/oauth-authorization-server")]
    [InlineData(".well-known/jwks.json")]
    public async Task Public_documents_are_for_anyone(string path)
    {
        AssertAllows("*", await SendAsync(HttpMethod.Get, path, "https://anyone.example"));
        AssertAllows("*", await SendAsync(HttpMethod.Get, path, null));
        var preflight = await SendAsync(HttpMethod.Options, path, "https://anyone.example");
        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        AssertAllows("*", preflight);
    }

    [Theory]
    [InlineData("token", "POST")]
    [InlineData("userinfo", "GET, POST")]
    [InlineData("revoke", "POST")]
    public async Task A_preflight_is_answered_as_it_can_not_say_which_client_it_is_for(string path, string methods)
    {
        var answer = await SendAsync(HttpMethod.Options, path, "https://anyone.example");
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        AssertAllows("https://anyone.example", answer);
        Assert.Equal(methods, Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Methods")));
        Assert.Equal("Authorization, Content-Type", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Headers")));
        Assert.True(answer.Headers.Contains("Access-Control-Max-Age"));
        Assert.Contains("Origin", answer.Headers.Vary);
    }

    [Theory]
    [InlineData(".well-known/openid-configuration")]
    [InlineData(".well-known/oauth-authorization-server")]
    [InlineData(".well-known/jwks.json")]
    [InlineData("token")]
    [InlineData("userinfo")]
    [InlineData("revoke")]
    [InlineData("par")]
    [InlineData("register")]
    [InlineData("register/some-client")]
    public async Task A_preflight_allows_the_headers_that_it_asks_for(string path)
    {
        const string usual = "Authorization, Content-Type";
        Assert.Equal("authorization, dpop, mcp-protocol-version, traceparent, x-requested-with", await AllowedAsync("authorization,dpop, mcp-protocol-version,traceparent,x-requested-with"));
        Assert.Equal(string.Join(", ", Many(20)), await AllowedAsync(string.Join(',', Many(20))));
        Assert.Equal(usual, await AllowedAsync(string.Join(',', Many(21))));
        Assert.Equal(usual, await AllowedAsync(new string('x', 1_025)));
        Assert.Equal(usual, await AllowedAsync("x-a, b c"));
        Assert.Equal(usual, await AllowedAsync("x-a, <script>"));
        Assert.Equal(usual, await AllowedAsync(""));

        IEnumerable<string> Many(int count) => Enumerable.Range(0, count).Select(number => $"x-header-{number}");

        async Task<string> AllowedAsync(string requested)
        {
            using var request = new HttpRequestMessage(HttpMethod.Options, path);
            request.Headers.Add("Origin", Spa);
            request.Headers.Add("Access-Control-Request-Method", "POST");
            request.Headers.TryAddWithoutValidation("Access-Control-Request-Headers", requested);
            var answer = await shared.Server.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            Assert.Contains("Access-Control-Request-Headers", answer.Headers.Vary);
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
            return Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Headers"));
        }
    }

    [Theory]
    [InlineData("authorize")]
    [InlineData("login")]
    [InlineData("consent")]
    [InlineData("logout")]
    [InlineData("introspect")]
    [InlineData("health")]
    public async Task What_no_script_should_call_has_no_CORS(string path)
    {
        var preflight = await SendAsync(HttpMethod.Options, path, Spa);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, preflight.StatusCode);
        AssertAllows(null, preflight);
        AssertAllows(null, await SendAsync(HttpMethod.Get, path, Spa));
    }

    [Fact]
    public async Task An_answer_can_be_read_by_the_origin_of_the_clients_redirect_uri()
    {
        var tokens = await LoginAsync("spa");
        AssertAllows(Spa, await UserInfoAsync(tokens.AccessToken, Spa));
        AssertAllows(Spa, await RedeemAsync("spa", "no-code", Spa));
        AssertAllows(Spa, await SendAsync(HttpMethod.Post, "revoke", Spa, ("client_id", "spa"), ("token", tokens.AccessToken)));
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("http://spa.example")]
    [InlineData("https://spa.example:8443")]
    [InlineData("https://SPA.example")]
    [InlineData("https://sub.spa.example")]
    [InlineData("https://spa.example.evil.example")]
    [InlineData("https://spa.example/")]
    [InlineData("null")]
    public async Task But_by_no_other(string origin)
    {
        var tokens = await LoginAsync("spa");
        AssertAllows(null, await UserInfoAsync(tokens.AccessToken, origin));
        AssertAllows(null, await RedeemAsync("spa", "no-code", origin));
    }

    [Fact]
    public async Task Every_answer_that_depends_on_the_origin_says_so()
    {
        Assert.Contains("Origin", (await RedeemAsync("spa", "no-code", Spa)).Headers.Vary);
        Assert.Contains("Origin", (await RedeemAsync("spa", "no-code", "https://evil.example")).Headers.Vary);
        Assert.Contains("Origin", (await RedeemAsync("spa", "no-code", null)).Headers.Vary);
    }

    [Fact]
    public async Task A_client_with_a_secret_has_no_origin_unless_it_registered_one()
    {
        AssertAllows(null, await UserInfoAsync((await LoginAsync("web")).AccessToken, "https://web.example"));

        await shared.Server.RegisterAsync(new Client
        {
            ClientId = "registered-origin",
            RedirectUris = ["https://registered-origin.example/callback"],
            AllowedCorsOrigins = ["https://elsewhere.example"],
            TokenEndpointAuthMethod = "none",
        });
        AssertAllows("https://elsewhere.example", await RedeemAsync("registered-origin", "no-code", "https://elsewhere.example"));
        AssertAllows(null, await RedeemAsync("registered-origin", "no-code", "https://registered-origin.example"));
    }

    [Fact]
    public async Task Whoever_is_not_known_may_read_why() =>
        AssertAllows(Spa, await RedeemAsync("nobody", "no-code", Spa));

    [Fact]
    public async Task A_client_that_names_another_one_reads_nothing()
    {
        // The token is web's, whatever origin the request has.
        AssertAllows(null, await UserInfoAsync((await LoginAsync("web")).AccessToken, Spa));
        AssertAllows(Spa, await UserInfoAsync("no-token", Spa)); // but for the error
    }

    private Task<JsonAnswer> LoginAsync(string clientId) => LoginAsync(clientId, shared);

    private static async Task<JsonAnswer> LoginAsync(string clientId, FrontServer shared) =>
        await new ClientApp(shared.Server, clientId).LoginAsync("openid", await shared.AliceAsync());

    private Task<HttpResponseMessage> RedeemAsync(string clientId, string code, string? origin) =>
        SendAsync(HttpMethod.Post, "token", origin, ("grant_type", "authorization_code"), ("client_id", clientId), ("code", code));

    private async Task<HttpResponseMessage> UserInfoAsync(string accessToken, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "userinfo");
        request.Headers.Add("Authorization", $"Bearer {accessToken}");
        request.Headers.Add("Origin", origin);
        return await shared.Server.Http.SendAsync(request);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? origin, params (string Name, string Value)[] form)
    {
        using var request = new HttpRequestMessage(method, path);
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        if (method == HttpMethod.Options)
            request.Headers.Add("Access-Control-Request-Method", "POST");
        if (form.Length > 0)
            request.Content = new FormUrlEncodedContent(form.Select(field => new KeyValuePair<string, string>(field.Name, field.Value)));
        return await shared.Server.Http.SendAsync(request);
    }

    private static void AssertAllows(string? origin, HttpResponseMessage response)
    {
        Assert.Equal(origin, response.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? Assert.Single(values) : null);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
    }
}
