using System.Net.Http.Headers;
using System.Text;

namespace FunctionsAuth.Worker.Tests.Harness;

/// <summary>For each HTTP function a request that it has something to say to: a GET of its route, unless another one is here.</summary>
internal static class RouteRequests
{
    private static readonly Dictionary<string, Func<HttpClient, Task<HttpRequestMessage>>> ByFunction = new()
    {
        ["account_page"] = Get("account/profile"),
        ["asset"] = Get("assets/style.css"),
        ["authorize"] = async _ => new(HttpMethod.Get, await Samples.AuthorizeUrlAsync()),
        ["client_configuration"] = ReadRegistrationAsync,
        ["consent"] = Get("consent?request=unknown"),
        ["introspect"] = async http => Samples.Post("introspect", Samples.Api, new() { ["token"] = await AccessTokenAsync(http) }),
        ["login"] = Get("login?request=unknown"),
        ["manage_api"] = Get("manage/api/v1/openapi.json"),
        ["mail_link"] = Get("link/reset"),
        ["openid_configuration_below"] = Get("path/.well-known/openid-configuration"),
        ["openid_configuration_path"] = Get(".well-known/openid-configuration/path"),
        ["par"] = _ => Task.FromResult(Samples.Post("par", Samples.Web, Samples.Request())),
        ["protected_resource"] = Get(".well-known/oauth-protected-resource/userinfo"),
        ["register"] = _ => Task.FromResult(Registration()),
        ["revoke"] = async http => Samples.Post("revoke", Samples.Service, new() { ["token"] = await AccessTokenAsync(http) }),
        ["server_metadata_below"] = Get("path/.well-known/oauth-authorization-server"),
        ["server_metadata_path"] = Get(".well-known/oauth-authorization-server/path"),
        ["select_account"] = Get("select_account?request=unknown"),
        ["signup"] = Get("signup?request=unknown"),
        ["terms"] = Get("terms?request=unknown"),
        ["token"] = _ => Task.FromResult(Samples.ClientCredentials()),
        ["userinfo"] = async http => new(HttpMethod.Get, "userinfo") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", await AccessTokenAsync(http)) } },
    };

    /// <param name="route">The route of the function.</param>
    /// <param name="http">The server that gets the request. Some requests need another one before.</param>
    public static Task<HttpRequestMessage> ForAsync(string function, string route, HttpClient http) =>
        (ByFunction.GetValueOrDefault(function) ?? Get(route))(http);

    private static Func<HttpClient, Task<HttpRequestMessage>> Get(string path) => _ => Task.FromResult(new HttpRequestMessage(HttpMethod.Get, path));

    private static async Task<string> AccessTokenAsync(HttpClient http) =>
        (await Answer.JsonOfAsync(await http.SendAsync(Samples.ClientCredentials())))["access_token"]!.GetValue<string>();

    private static HttpRequestMessage Registration() => new(HttpMethod.Post, "register")
    {
        Content = new StringContent("""{"client_name":"Somebody","redirect_uris":["https://somebody.example/callback"]}""", Encoding.UTF8, "application/json"),
    };

    private static async Task<HttpRequestMessage> ReadRegistrationAsync(HttpClient http)
    {
        var registered = await Answer.JsonOfAsync(await http.SendAsync(Registration()));
        return new HttpRequestMessage(HttpMethod.Get, $"register/{registered["client_id"]}")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", registered["registration_access_token"]!.GetValue<string>()) },
        };
    }
}
