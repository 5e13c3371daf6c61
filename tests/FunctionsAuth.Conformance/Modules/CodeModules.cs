using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Checks.Tokens;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Party;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Modules;

/// <summary>The modules of flows that redeem a code.</summary>
public abstract class CodeModules : TokenModules
{
    [Module("oidcc-codereuse")]
    public async Task Code_reuse()
    {
        var client = await ClientAsync();
        var login = await client.LoginAsync();
        TokenErrorCheck.Verify(await client.Tokens.RedeemAgainAsync(login), "invalid_grant");
    }

    [Module("oidcc-codereuse-30seconds")]
    public async Task Code_reuse_after_30_seconds()
    {
        var client = await ClientAsync();
        var login = await client.LoginAsync();
        await Task.Delay(ServerSettings.HalfOfCode);
        TokenErrorCheck.Verify(await client.Tokens.RedeemAgainAsync(login), "invalid_grant");
        // RFC 6749 §4.1.2: what the code gave may be in the wrong hands.
        Assert.InRange((await client.Tokens.GetUserInfoAsync(login.AccessToken)).Status, 400, 499);
    }

    [Module("oidcc-server-client-secret-post")]
    public async Task Client_secret_post()
    {
        Assert.Contains("client_secret_post", Provider.List("token_endpoint_auth_methods_supported"));
        await (await PostClientAsync()).LoginAsync();
    }

    [Module("oidcc-refresh-token")]
    public async Task Refresh_token()
    {
        Assert.Contains("refresh_token", Provider.List("grant_types_supported"));
        var first = await RefreshingClientAsync(ClientAsync);
        await RefreshAsync(first, await LoginForRefreshAsync(first), withScope: true);
        var second = await RefreshingClientAsync(SecondClientAsync);
        var refreshed = await RefreshAsync(second, await LoginForRefreshAsync(second), withScope: false);

        TokenErrorCheck.Verify(await first.Tokens.RefreshAsync(refreshed, null), "invalid_grant");
    }

    protected async Task ValidPkceAsync()
    {
        var verifier = RandomText.LongOf(128);
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        var client = await ClientAsync();
        var request = client.Request(("code_challenge", challenge), ("code_challenge_method", "S256"));
        await client.FinishAsync(request, await Browser.GetAsync(request.Url(Provider.AuthorizationEndpoint)), verifier);
    }

    /// <summary>A registration must have the grant; the clients of the import file have it.</summary>
    private Task<RelyingParty> RefreshingClientAsync(Func<Task<RelyingParty>> existing) =>
        Plan.DynamicClient ? RegisterAsync(new JsonObject { ["grant_types"] = new JsonArray([.. Plan.GrantTypes.Select(type => (JsonNode)type)]) }) : existing();

    private static async Task<Login> LoginForRefreshAsync(RelyingParty client)
    {
        var login = await client.LoginAsync(("scope", "openid offline_access"), ("prompt", "consent"));
        Assert.NotNull(login.RefreshToken);
        return login;
    }

    /// <summary>OpenID Connect Core §12.2.</summary>
    /// <returns>The refresh token that is good now.</returns>
    private async Task<string> RefreshAsync(RelyingParty client, Login login, bool withScope)
    {
        await Task.Delay(TimeSpan.FromSeconds(1)); // so that another iat is seen
        var json = TokenResponseCheck.Verify(await client.Tokens.RefreshAsync(login.RefreshToken!, withScope ? "openid offline_access" : null), mustHaveIdToken: false);
        if (json["id_token"]?.GetValue<string>() is { } raw)
        {
            var before = login.IdToken;
            var after = await IdTokenCheck.VerifyAsync(Provider, client.Client, raw, login.Request with { Nonce = CheckedJwt.Read(raw)["nonce"] is null ? null : login.Request.Nonce }, null, null);
            foreach (var claim in (string[])["iss", "sub", "aud", "azp", "auth_time"])
                Assert.Equal(before[claim], after[claim]);
            Assert.NotEqual(before["iat"], after["iat"]);
        }
        await client.Tokens.UserInfoAsync(login, json["access_token"]!.GetValue<string>());
        return json["refresh_token"]?.GetValue<string>() ?? login.RefreshToken!;
    }
}
