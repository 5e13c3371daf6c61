using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Server.Tests.Libraries;

/// <summary>ASP.NET Core's own handlers, with the default registration: they send the secret in the body and read the ID token.</summary>
public sealed class AspNetCoreTests(LibraryServer shared) : IClassFixture<LibraryServer>
{
    [Fact]
    public async Task OpenIdConnect_signs_in_and_knows_the_person_by_the_ID_token()
    {
        await shared.RegisterAsync("aspnet-web", "https://aspnet-web.example/signin-oidc");
        await using var app = await StartAsync("aspnet-web", authentication => authentication.AddOpenIdConnect(options =>
        {
            options.Authority = RunningServer.Issuer;
            options.ClientId = "aspnet-web";
            options.ClientSecret = RawRequests.SecretOf("aspnet-web");
            options.ResponseType = "code";
            options.MapInboundClaims = false;
            options.Scope.Add("email");
            options.BackchannelHttpHandler = shared.Server.CreateHandler();
        }), OpenIdConnectDefaults.AuthenticationScheme);
        Assert.Equal("alice-subject Alice Example alice@example.com", await SignInAsync(app));
    }

    [Fact]
    public async Task OAuth_signs_in_with_userinfo()
    {
        await shared.RegisterAsync("aspnet-oauth", "https://aspnet-oauth.example/callback");
        await using var app = await StartAsync("aspnet-oauth", authentication => authentication.AddOAuth("oauth", options =>
        {
            options.ClientId = "aspnet-oauth";
            options.ClientSecret = RawRequests.SecretOf("aspnet-oauth");
            options.CallbackPath = "/callback";
            options.AuthorizationEndpoint = $"{RunningServer.Issuer}/authorize";
            options.TokenEndpoint = $"{RunningServer.Issuer}/token";
            options.UserInformationEndpoint = $"{RunningServer.Issuer}/userinfo";
            options.UsePkce = true;
            foreach (var scope in (string[])["openid", "profile", "email"])
                options.Scope.Add(scope);
            foreach (var claim in (string[])["sub", "name", "email"])
                options.ClaimActions.MapJsonKey(claim, claim);
            options.BackchannelHttpHandler = shared.Server.CreateHandler();
            options.Events = new OAuthEvents { OnCreatingTicket = ReadUserInfoAsync };
        }), "oauth");
        Assert.Equal("alice-subject Alice Example alice@example.com", await SignInAsync(app));
    }

    [Fact]
    public async Task JwtBearer_takes_the_access_tokens_of_its_audience()
    {
        await using var api = await StartAsync("aspnet-api", authentication => authentication.AddJwtBearer(options =>
        {
            options.Authority = RunningServer.Issuer;
            options.Audience = "https://api.example";
            options.MapInboundClaims = false;
            options.BackchannelHttpHandler = shared.Server.CreateHandler();
        }), JwtBearerDefaults.AuthenticationScheme);
        var http = api.GetTestClient();
        var tokens = await shared.TokensAsync(scope: "openid profile api.read");
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.AccessToken);
        Assert.StartsWith("alice-subject", await http.GetStringAsync("/"), StringComparison.Ordinal);

        foreach (var other in (string[])[tokens.IdToken, (await shared.TokensAsync(scope: "openid other.read")).AccessToken])
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", other);
            Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/")).StatusCode);
        }
    }

    /// <summary>docs/groups.md has these policies.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_policy_on_a_role_of_a_group_works_and_is_withdrawn_with_the_group(bool withDefaults)
    {
        var id = withDefaults ? "roles-default" : "roles-plain";
        await shared.RegisterAsync(id, $"https://{id}.example/callback");
        await LocalServer.ImportAsync(shared.Server.Services, $$"""
            {
              "groups": [{ "name": "shop-admins" }],
              "scopes": [{ "name": "{{id}}.read" }],
              "resources": [{ "identifier": "https://{{id}}.example", "scopes": ["{{id}}.read"], "claim_maps": { "roles": { "shop-admins": ["admin"] } } }],
              "clients": [{
                "client_id": "{{id}}", "client_secret": "{{RawRequests.SecretOf(id)}}", "redirect_uris": ["https://{{id}}.example/callback"],
                "grant_types": ["authorization_code", "refresh_token"], "scope": "openid offline_access {{id}}.read", "first_party": true
              }],
              "users": [{ "username": "alice", "groups": ["shop-admins"] }]
            }
            """);
        await using var api = await StartAsync(id, authentication => authentication.AddJwtBearer(options =>
        {
            options.Authority = RunningServer.Issuer;
            options.Audience = $"https://{id}.example";
            if (!withDefaults)
            {
                options.MapInboundClaims = false;
                options.TokenValidationParameters.RoleClaimType = "roles";
            }
            options.BackchannelHttpHandler = shared.Server.CreateHandler();
        }), JwtBearerDefaults.AuthenticationScheme);
        var http = api.GetTestClient();
        var tokens = await shared.TokensAsync(id, $"openid offline_access {id}.read");
        Assert.Equal(HttpStatusCode.OK, await AskAsync(tokens));

        await LocalServer.ImportAsync(shared.Server.Services, """{ "users": [{ "username": "alice", "groups": [] }] }""");
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync((await shared.App(id).RefreshAsync(tokens.RefreshToken)).ShouldBeOk()));

        async Task<HttpStatusCode> AskAsync(JsonAnswer holder)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", holder.AccessToken);
            return (await http.GetAsync("/admin")).StatusCode;
        }
    }

    private static async Task ReadUserInfoAsync(OAuthCreatingTicketContext context)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, context.Options.UserInformationEndpoint);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", context.AccessToken);
        var answer = await JsonAnswer.ReadAsync(await context.Backchannel.SendAsync(request));
        context.RunClaimActions(answer.ShouldBeOk().Json);
    }

    /// <summary>An app that tells whoever is signed in who that is, and sends everybody else to the server.</summary>
    private static async Task<WebApplication> StartAsync(string name, Action<AuthenticationBuilder> add, string challenge)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer(options => options.BaseAddress = new Uri($"https://{name}.example"));
        builder.Logging.ClearProviders();
        var isApi = challenge == JwtBearerDefaults.AuthenticationScheme;
        var authentication = builder.Services.AddAuthentication(options =>
        {
            options.DefaultScheme = isApi ? challenge : CookieAuthenticationDefaults.AuthenticationScheme;
            options.DefaultChallengeScheme = challenge;
        });
        if (!isApi)
            authentication.AddCookie();
        add(authentication);
        builder.Services.AddAuthorization(options => options.AddPolicy("admins", policy => policy.RequireRole("admin")));
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/", (ClaimsPrincipal user) => string.Join(' ', ((string[])["sub", "name", "email"]).Select(user.FindFirstValue))).RequireAuthorization();
        app.MapGet("/admin", () => "for admins").RequireAuthorization("admins");
        await app.StartAsync();
        return app;
    }

    private async Task<string> SignInAsync(WebApplication app)
    {
        var cookies = new CookieContainer();
        var http = app.GetTestClient();
        var start = await SendAsync(new HttpRequestMessage(HttpMethod.Get, "/"));
        Assert.Equal(HttpStatusCode.Redirect, start.StatusCode);
        var answer = await shared.SignInAsync(start.Headers.Location!.AbsoluteUri);
        var back = await SendAsync(answer.Location is { } location
            ? new HttpRequestMessage(HttpMethod.Get, location)
            : new HttpRequestMessage(HttpMethod.Post, answer.Document.QuerySelector("form")!.GetAttribute("action")) { Content = new FormUrlEncodedContent(answer.Parameters) });
        Assert.True(back.StatusCode == HttpStatusCode.Redirect, $"{back.StatusCode} {await back.Content.ReadAsStringAsync()}");
        return await (await SendAsync(new HttpRequestMessage(HttpMethod.Get, "/"))).Content.ReadAsStringAsync();

        async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
        {
            var uri = new Uri(http.BaseAddress!, request.RequestUri!);
            if (cookies.GetCookieHeader(uri) is { Length: > 0 } header)
                request.Headers.Add("Cookie", header);
            var response = await http.SendAsync(request);
            foreach (var cookie in response.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
                cookies.SetCookies(uri, cookie);
            return response;
        }
    }
}
