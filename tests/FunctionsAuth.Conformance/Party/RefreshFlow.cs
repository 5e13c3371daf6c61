using FunctionsAuth.Conformance.Checks.Tokens;

namespace FunctionsAuth.Conformance.Party;

/// <summary>oidcc-refresh-token: two clients refresh, each in its way, and neither can use the other's refresh token.</summary>
internal sealed class RefreshFlow(Provider provider, RelyingParty first, RelyingParty second)
{
    private const string Scope = "openid offline_access";

    public async Task RunAsync()
    {
        await RefreshAsync(first, await LoginAsync(first), Scope);
        var refreshToken = await RefreshAsync(second, await LoginAsync(second), null);
        TokenErrorCheck.Verify(await first.Tokens.RefreshAsync(refreshToken, null), "invalid_grant");
    }

    private static async Task<Login> LoginAsync(RelyingParty client)
    {
        var login = await client.LoginAsync(("scope", Scope), ("prompt", "consent"));
        Assert.NotNull(login.RefreshToken);
        return login;
    }

    /// <returns>The refresh token that is good now.</returns>
    private async Task<string> RefreshAsync(RelyingParty client, Login login, string? scope)
    {
        await Task.Delay(TimeSpan.FromSeconds(1)); // so that another iat is seen
        var json = TokenResponseCheck.Verify(await client.Tokens.RefreshAsync(login.RefreshToken!, scope), mustHaveIdToken: false);
        var accessToken = json["access_token"]!.GetValue<string>();
        if (json["id_token"]?.GetValue<string>() is { } raw)
            IdTokenCheck.Hashes(await SameLoginAsync(client, login, raw), login.Request, null, accessToken, required: false);
        await client.Tokens.UserInfoAsync(login, accessToken);
        return json["refresh_token"]?.GetValue<string>() ?? login.RefreshToken!;
    }

    /// <summary>OpenID Connect Core §12.2. Whether it has the nonce again is left to the server.</summary>
    private async Task<CheckedJwt> SameLoginAsync(RelyingParty client, Login login, string raw)
    {
        var nonce = CheckedJwt.Read(raw)["nonce"] is null ? null : login.Request.Nonce;
        var after = await IdTokenCheck.VerifyAsync(provider, client.Client, raw, login.Request with { Nonce = nonce });
        foreach (var claim in (string[])["iss", "sub", "aud", "azp", "auth_time"])
            Assert.Equal(login.IdToken[claim], after[claim]);
        Assert.NotEqual(login.IdToken["iat"], after["iat"]);
        return after;
    }
}
