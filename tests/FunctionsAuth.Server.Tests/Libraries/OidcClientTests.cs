using Duende.IdentityModel.OidcClient;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Libraries;

/// <summary>Duende.IdentityModel.OidcClient, the library of native apps, with the default registration of a public and of a confidential client.</summary>
public sealed class OidcClientTests(LibraryServer shared) : IClassFixture<LibraryServer>
{
    [Theory]
    [InlineData("oidc-native", "com.example.native:/callback", true)]
    [InlineData("oidc-app", "myapp://callback", true)]
    [InlineData("oidc-web", "https://oidc-web.example/callback", false)]
    public async Task It_signs_in_refreshes_and_reads_userinfo(string id, string redirectUri, bool isPublic)
    {
        await shared.RegisterAsync(id, redirectUri, isPublic);
        var client = new OidcClient(new OidcClientOptions
        {
            Authority = RunningServer.Issuer,
            ClientId = id,
            ClientSecret = isPublic ? null : RawRequests.SecretOf(id),
            RedirectUri = redirectUri,
            Scope = LibraryServer.Scope,
            LoadProfile = true,
            BackchannelHandler = shared.Server.CreateHandler(),
        });
        var state = await client.PrepareLoginAsync();
        Assert.False(state.IsError, state.Error);
        var answer = await shared.SignInAsync(state.StartUrl);
        var login = await client.ProcessResponseAsync(answer.Location!, state);
        Assert.False(login.IsError, $"{login.Error} {login.ErrorDescription}");
        Assert.Equal("Alice Example", login.User.FindFirst("name")?.Value);
        Assert.Equal("alice@example.com", login.User.FindFirst("email")?.Value);
        var refreshed = await client.RefreshTokenAsync(login.RefreshToken);
        Assert.False(refreshed.IsError, refreshed.Error);
        Assert.False((await client.GetUserInfoAsync(refreshed.AccessToken)).IsError);
    }
}
