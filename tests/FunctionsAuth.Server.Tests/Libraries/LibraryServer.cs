using System.Text.Json.Nodes;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Libraries;

/// <summary>A server for libraries that other people build apps with. They look at the clock of the machine, so the server begins at its hour.</summary>
public sealed class LibraryServer : SharedServer
{
    public const string Scope = "openid profile email offline_access api.read";

    /// <summary>Registers a client as docs/import.md has it: an id, where to redirect to, the scopes, and a secret unless it is public.</summary>
    public Task RegisterAsync(string id, string redirectUri, bool isPublic = false) => LocalServer.ImportAsync(Server.Services, new JsonObject
    {
        ["clients"] = new JsonArray(new JsonObject
        {
            ["client_id"] = id,
            [isPublic ? "token_endpoint_auth_method" : "client_secret"] = isPublic ? "none" : RawRequests.SecretOf(id),
            ["redirect_uris"] = new JsonArray(redirectUri),
            ["grant_types"] = new JsonArray("authorization_code", "refresh_token"),
            ["scope"] = Scope,
        }),
    }.ToJsonString());

    /// <summary>Takes an authorization request of a library to its end, as alice.</summary>
    /// <returns>A redirect to the client, or the page that posts the answer to it.</returns>
    public async Task<Answer> SignInAsync(string url)
    {
        var browser = new Browser(Server);
        var answer = await browser.FollowAsync(await browser.GetAsync(url));
        answer = await browser.FollowAsync(await browser.LoginAsync(answer));
        return answer.Location is null && answer.HasForm("consent") ? await browser.FollowAsync(await browser.SubmitAsync(answer, ("action", "allow"))) : answer;
    }

    /// <summary>What a test imports is there at once.</summary>
    protected override ServerSetup Setup() => new() { Now = TimeProvider.System.GetUtcNow(), Settings = new() { ["CacheFor"] = "00:00:00" } };
}
