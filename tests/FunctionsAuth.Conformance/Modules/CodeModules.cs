using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
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
        await Task.Delay(ServerSettings.CodePause);
        TokenErrorCheck.Verify(await client.Tokens.RedeemAgainAsync(login), "invalid_grant");
        // RFC 6749 §4.1.2: what the code gave may be in the wrong hands.
        Assert.InRange((await client.Tokens.GetUserInfoAsync(login.AccessToken)).Status, 400, 499);
    }

    [Module("oidcc-server-client-secret-post")]
    public async Task Client_secret_post()
    {
        Assert.Contains("client_secret_post", Provider.List("token_endpoint_auth_methods_supported"));
        await PostClient.LoginAsync();
    }

    [Module("oidcc-refresh-token")]
    public async Task Refresh_token()
    {
        Assert.Contains("refresh_token", Provider.List("grant_types_supported"));
        await new RefreshFlow(Provider, await ClientAsync(), SecondClient).RunAsync();
    }

    protected async Task ValidPkceAsync()
    {
        var verifier = RandomText.LongOf(128);
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        var client = await ClientAsync();
        var request = client.Request(("code_challenge", challenge), ("code_challenge_method", "S256"));
        await client.FinishAsync(request, await Browser.GetAsync(request.Url(Provider.AuthorizationEndpoint)), verifier);
    }
}
