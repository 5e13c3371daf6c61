using FunctionsAuth.Conformance.Checks.Tokens;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Modules;

/// <summary>The modules of flows that give an access token.</summary>
public abstract class TokenModules : CommonModules
{
    [Module("oidcc-userinfo-get")]
    public Task Userinfo_get() => AskAsync((client, token) => client.GetUserInfoAsync(token));

    [Module("oidcc-userinfo-post-header")]
    public Task Userinfo_post_header() => AskAsync((client, token) => client.AskUserInfoAsync(HttpMethod.Post, token));

    [Module("oidcc-userinfo-post-body")]
    public Task Userinfo_post_body() => AskAsync((client, token) => client.PostTokenToUserInfoAsync(token));

    private async Task AskAsync(Func<Party.TokenRequests, string, Task<Answer>> ask)
    {
        var client = await ClientAsync();
        var login = await client.LoginAsync();
        await UserInfoCheck.VerifyAsync(Provider, client.Client, await ask(client.Tokens, login.AccessToken), login);
    }
}
