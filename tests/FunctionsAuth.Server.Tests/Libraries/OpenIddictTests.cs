using System.Net;
using System.Net.Http.Headers;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using OpenIddict.Client;
using OpenIddict.Client.AspNetCore;
using OpenIddict.Validation.AspNetCore;

namespace FunctionsAuth.Server.Tests.Libraries;

/// <summary>OpenIddict's client, with the default registration, and its validation of access tokens for an API.</summary>
public sealed class OpenIddictTests(LibraryServer shared) : IClassFixture<LibraryServer>
{
    [Fact]
    public async Task Its_client_signs_in_and_knows_the_person()
    {
        const string callback = "callback/login";
        await shared.RegisterAsync("openiddict", "https://openiddict.example/" + callback);
        await using var app = await StartAsync(
            "openiddict",
            services => services.AddOpenIddict().AddClient(options =>
            {
                options.AllowAuthorizationCodeFlow().DisableTokenStorage();
                options.AddEphemeralEncryptionKey().AddEphemeralSigningKey();
                options.UseAspNetCore().EnableRedirectionEndpointPassthrough();
                options.UseSystemNetHttp();
                options.AddRegistration(new OpenIddictClientRegistration
                {
                    Issuer = new Uri(RunningServer.Issuer),
                    ClientId = "openiddict",
                    ClientSecret = RawRequests.SecretOf("openiddict"),
                    Scopes = { "profile", "email" },
                    RedirectUri = new Uri(callback, UriKind.Relative),
                });
            }),
            app =>
            {
                app.MapGet("/", () => Results.Challenge(authenticationSchemes: [OpenIddictClientAspNetCoreDefaults.AuthenticationScheme]));
                app.MapMethods(callback, ["GET", "POST"], async (HttpContext http) =>
                {
                    var result = await http.AuthenticateAsync(OpenIddictClientAspNetCoreDefaults.AuthenticationScheme);
                    return string.Join(' ', ((string[])["sub", "name", "email"]).Select(claim => result.Principal?.FindFirst(claim)?.Value));
                });
            });
        var http = app.GetTestClient();
        var start = await http.GetAsync("/");
        Assert.Equal(HttpStatusCode.Redirect, start.StatusCode);
        var answer = await shared.SignInAsync(start.Headers.Location!.AbsoluteUri);
        using var back = answer.Location is { } location
            ? new HttpRequestMessage(HttpMethod.Get, location)
            : new HttpRequestMessage(HttpMethod.Post, answer.Document.QuerySelector("form")!.GetAttribute("action")) { Content = new FormUrlEncodedContent(answer.Parameters) };
        back.Headers.Add("Cookie", start.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));
        var end = await http.SendAsync(back);
        Assert.Equal("alice-subject Alice Example alice@example.com", await end.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Its_validation_takes_the_access_tokens_of_its_audience()
    {
        await using var api = await StartAsync(
            "openiddict-api",
            services => services.AddOpenIddict().AddValidation(options =>
            {
                options.SetIssuer(RunningServer.Issuer);
                options.AddAudiences("https://api.example");
                options.UseSystemNetHttp();
                options.UseAspNetCore();
            }),
            app => app.MapGet("/", async (HttpContext http) =>
            {
                var result = await http.AuthenticateAsync(OpenIddictValidationAspNetCoreDefaults.AuthenticationScheme);
                return result.Principal?.FindFirst("sub")?.Value ?? "nobody";
            }));
        var http = api.GetTestClient();
        var tokens = await shared.TokensAsync(scope: "openid api.read");
        Assert.Equal("alice-subject", await AskAsync(tokens.AccessToken));
        Assert.Equal("nobody", await AskAsync(tokens.IdToken));
        Assert.Equal("nobody", await AskAsync((await shared.TokensAsync(scope: "openid other.read")).AccessToken));

        async Task<string> AskAsync(string token)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return await http.GetStringAsync("/");
        }
    }

    private async Task<WebApplication> StartAsync(string name, Action<IServiceCollection> add, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer(options => options.BaseAddress = new Uri($"https://{name}.example"));
        builder.Logging.ClearProviders();
        builder.Services.AddAuthentication();
        builder.Services.AddAuthorization();
        add(builder.Services);
        // Its HTTP clients reach the server of the test, whatever handler the library chose.
        builder.Services.PostConfigureAll<HttpClientFactoryOptions>(options => options.HttpMessageHandlerBuilderActions.Add(http => http.PrimaryHandler = shared.Server.CreateHandler()));
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        map(app);
        await app.StartAsync();
        return app;
    }
}
