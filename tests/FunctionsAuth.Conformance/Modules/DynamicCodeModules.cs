using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Checks.Tokens;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Party;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Modules;

/// <summary>The Dynamic plan's modules of response types with an access token.</summary>
public abstract class DynamicTokenModules : DynamicModules
{
    [Module("oidcc-userinfo-rs256")]
    public async Task Userinfo_rs256()
    {
        Assert.Contains("RS256", Provider.List("userinfo_signing_alg_values_supported"));
        var client = await RegisterAsync(new JsonObject { ["userinfo_signed_response_alg"] = "RS256" });
        Assert.True(client.Client.SignedUserInfo, "The registration dropped userinfo_signed_response_alg");
        await client.LoginAsync();
    }
}

/// <summary>Of response types with a code.</summary>
public abstract class DynamicCodeModules : DynamicTokenModules
{
    [Module("oidcc-ensure-client-assertion-with-iss-aud-succeeds")]
    public async Task Client_assertion_for_the_issuer()
    {
        var client = await ClientAsync();
        await Party(client.Client with { AssertionAudience = Provider.Issuer }).LoginAsync();
    }

    [Module("oidcc-refresh-token-rp-key-rotation")]
    public async Task Refresh_token_after_key_rotation()
    {
        var registration = Refreshing();
        registration["jwks_uri"] = Inbox.Serve("jwks.json", SuiteKey.Shared.Jwks("first").ToJsonString());
        var client = (await RegisterAsync(registration)).Client;
        var login = await Party(client with { Kid = "first" }).LoginAsync(("scope", "openid offline_access"), ("prompt", "consent"));
        Assert.NotNull(login.RefreshToken);
        var second = new SuiteKey();
        Inbox.Serve("jwks.json", second.Jwks("second").ToJsonString());
        await Task.Delay(ServerSettings.ClientKeysMinAge);
        var rotated = Party(client with { Key = second, Kid = "second" });
        TokenResponseCheck.Verify(await rotated.Tokens.RefreshAsync(login.RefreshToken, null), mustHaveIdToken: false);
    }

    /// <summary>The suite's refresh module with registered clients: the same as in the other plans.</summary>
    [Module("oidcc-refresh-token")]
    public async Task Refresh_token()
    {
        Assert.Contains("refresh_token", Provider.List("grant_types_supported"));
        await new RefreshFlow(Provider, await RegisterAsync(Refreshing()), await RegisterAsync(Refreshing())).RunAsync();
    }

    private JsonObject Refreshing() => new() { ["grant_types"] = new JsonArray([.. Plan.GrantTypes.Select(type => (JsonNode)type)]) };
}
