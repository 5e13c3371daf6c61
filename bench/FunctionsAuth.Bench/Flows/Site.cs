using System.Text.Json;

namespace FunctionsAuth.Bench.Flows;

/// <summary>A server as a client sees it. Where it has what, its metadata says: so the same flows run against any server.</summary>
internal sealed record Site(int Port, string Authorize, string Token, string UserInfo, string Introspect, string Jwks, string Metadata, string Par)
{
    public const string WellKnown = "/.well-known/openid-configuration";

    /// <summary>The cookies of a browser in which the user has signed in and allowed everything, as a header.</summary>
    public string Cookie { get; private init; } = "";

    /// <param name="wellKnown">Where its metadata is.</param>
    public static async Task<Site> OpenAsync(int port, string wellKnown = WellKnown)
    {
        using var http = new HttpClient();
        using var metadata = JsonDocument.Parse(await http.GetStringAsync(new Uri($"http://localhost:{port}{wellKnown}")));
        string Path(string name) => metadata.RootElement.TryGetProperty(name, out var address) ? new Uri(address.GetString()!).AbsolutePath : "";
        var site = new Site(
            port, Path("authorization_endpoint"), Path("token_endpoint"), Path("userinfo_endpoint"), Path("introspection_endpoint"),
            Path("jwks_uri"), wellKnown, Path("pushed_authorization_request_endpoint"));
        return site with { Cookie = (await SignIn.RunAsync(site, Clients.AuthorizationRequest)).Cookie };
    }
}
