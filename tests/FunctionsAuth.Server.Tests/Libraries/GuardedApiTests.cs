using System.Net;
using System.Text.Json.Nodes;
using FunctionsAuth.Server.Tests.Dpop;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;

namespace FunctionsAuth.Server.Tests.Libraries;

/// <summary>The protection of samples/aspnetcore-api takes what it should and nothing else: RFC 9449 §7, RFC 9470 §3.</summary>
public sealed class GuardedApiTests(LibraryServer shared) : IClassFixture<LibraryServer>, IAsyncLifetime
{
    private const string Web = "web:web-secret-0123456789-0123456789-abc";
    private const string Orders = "https://api.example/orders";

    private readonly ProofMaker maker = new(shared.Server);
    private WebApplication api = null!;

    public async Task InitializeAsync() => api = await GuardedApi.StartAsync(RunningServer.Issuer, shared.Server.CreateHandler());

    public async Task DisposeAsync() => await api.DisposeAsync();

    [Fact]
    public async Task A_bearer_token_is_taken_as_Bearer_only()
    {
        var token = (await shared.TokensAsync(scope: "openid api.read")).AccessToken;
        Assert.Equal(HttpStatusCode.OK, await AskAsync("Bearer", token));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("DPoP", token));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("DPoP", token, Proof(token)));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("Bearer", (await shared.TokensAsync(scope: "openid other.read")).AccessToken));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("Bearer", (await shared.TokensAsync(scope: "openid api.read")).IdToken));
    }

    [Fact]
    public async Task A_bound_token_needs_a_proof_that_is_right_in_every_point()
    {
        var token = await BoundAsync();
        Assert.Equal(HttpStatusCode.OK, await AskAsync("DPoP", token, Proof(token)));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("Bearer", token));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("Bearer", token, Proof(token)));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("DPoP", token));
        var once = Proof(token);
        Assert.Equal(HttpStatusCode.OK, await AskAsync("DPoP", token, once));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("DPoP", token, once));
        foreach (var mutation in DpopTests.Mutations)
        {
            if ((string)mutation[0] is "typ in capitals" or "typ with application" or "crit" or "jwk not canonical" or "jwk with k" or "jti too long" or "jti a number" or "iat a text" or "htu another host" or "iat in the future" or "iat too old")
                continue; // what a library may be more generous about, what names the host of the server, and what follows below
            var wrong = maker.Make("GET", "x", token, (header, claims) =>
            {
                ForOrders(header, claims);
                ((Action<JsonObject, JsonObject>)mutation[1])(header, claims);
            });
            Assert.True(await AskAsync("DPoP", token, wrong) == HttpStatusCode.Unauthorized, (string)mutation[0]);
        }
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("DPoP", token, maker.Make("GET", "x", token, (header, claims) => { ForOrders(header, claims); claims["htu"] = "https://evil.example/orders"; })));
        foreach (var minutes in (int[])[-5, 5])
            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("DPoP", token, maker.Make("GET", "x", token, (header, claims) => { ForOrders(header, claims); claims["iat"] = DateTimeOffset.UtcNow.AddMinutes(minutes).ToUnixTimeSeconds(); })));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("DPoP", token, new ProofMaker(shared.Server).Make("GET", "x", token, ForOrders)));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("DPoP", token, Proof(await BoundAsync())));
    }

    /// <summary>RFC 9470 §3 to §5: the challenge says what to ask for, and a request with it raises the login.</summary>
    [Fact]
    public async Task A_password_is_not_enough_for_a_payment()
    {
        var token = (await shared.TokensAsync(scope: "openid api.read")).AccessToken;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/payments") { Headers = { Authorization = new("Bearer", token) } };
        using var answer = await api.GetTestClient().SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer error=\"insufficient_user_authentication\", acr_values=\"urn:functionsauth:acr:mfa\", resource_metadata=\"https://api.example/.well-known/oauth-protected-resource\"", answer.Headers.WwwAuthenticate.ToString());
    }

    private async Task<string> BoundAsync()
    {
        var code = await shared.CodeAsync(scope: "openid api.read");
        (string, string?)[] fields = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", "https://web.example/callback"), ("code_verifier", AuthorizationParameters.Verifier)];
        return (await maker.PostAsync("token", Web, fields, maker.Make("POST", "token"))).ShouldBeOk().AccessToken;
    }

    /// <summary>The API goes by the clock of the machine.</summary>
    private static void ForOrders(JsonObject header, JsonObject claims) => (claims["htu"], claims["iat"]) = (Orders, DateTimeOffset.UtcNow.ToUnixTimeSeconds());

    private string Proof(string token) => maker.Make("GET", "x", token, ForOrders);

    private async Task<HttpStatusCode> AskAsync(string scheme, string token, string? proof = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/orders");
        request.Headers.TryAddWithoutValidation("Authorization", $"{scheme} {token}");
        if (proof is not null)
            request.Headers.TryAddWithoutValidation("DPoP", proof);
        using var answer = await api.GetTestClient().SendAsync(request);
        return answer.StatusCode;
    }
}
