using System.Net.Http.Headers;
using ConsoleApp;
using Duende.IdentityModel.OidcClient;

var issuer = Environment.GetEnvironmentVariable("ISSUER") ?? "http://localhost:7071";
var api = Environment.GetEnvironmentVariable("API") ?? "http://localhost:5080";

// <native>
// RFC 8252 §7.3: the app listens at a free port of 127.0.0.1. The client is registered with http://127.0.0.1/callback, and any port is accepted.
using var browser = new LoopbackBrowser(opensUrl: !args.Contains("--no-browser"));
var client = new OidcClient(new OidcClientOptions
{
    Authority = issuer,
    ClientId = "sample-native", // a public client: an app on the device of a person can't keep a secret. The library uses PKCE.
    RedirectUri = browser.RedirectUri,
    Scope = "openid profile offline_access orders.read",
    Browser = browser,
});
var login = await client.LoginAsync(new LoginRequest());
// </native>
if (login.IsError)
{
    Console.Error.WriteLine($"The sign-in failed: {login.Error} {login.ErrorDescription}");
    return 1;
}
Console.WriteLine($"Hello, {login.User.Identity?.Name}.");
await CallApiAsync(login.AccessToken);

// <native-refresh>
// Later, without the person: the refresh token gets the next access token. Store the new refresh token, because each is used once.
var refreshed = await client.RefreshTokenAsync(login.RefreshToken);
// </native-refresh>
if (refreshed.IsError)
{
    Console.Error.WriteLine($"The refresh failed: {refreshed.Error} {refreshed.ErrorDescription}");
    return 1;
}
await CallApiAsync(refreshed.AccessToken);
return 0;

async Task CallApiAsync(string accessToken)
{
    using var http = new HttpClient { BaseAddress = new Uri(api) };
    http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
    using var answer = await http.GetAsync("/orders");
    Console.WriteLine($"The API answers {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
}
