using FunctionsAuth.Bench.Load;

namespace FunctionsAuth.Bench.Flows;

/// <summary>Something that clients do with a server all day.</summary>
/// <param name="Name">As the tables have it.</param>
/// <param name="PrepareAsync">Gets what one connection needs, such as a token, and gives its script.</param>
internal sealed record Flow(string Name, Func<Site, Task<IScript>> PrepareAsync)
{
    public static Flow ClientCredentials { get; } =
        new("client_credentials", site => Always(Requests.Post(site.Token, "grant_type=client_credentials&scope=api.read", Clients.Service)));

    public static Flow Exchange { get; } = new("authorize and code", site => Task.FromResult<IScript>(new CodeScript(site)));

    /// <summary>The authorization request by itself.</summary>
    public static Flow Authorize { get; } = new("authorize", site => Task.FromResult<IScript>(new AuthorizeScript(site)));

    /// <summary>The token request by itself.</summary>
    public static Flow Code { get; } = new("code exchange", site => Task.FromResult<IScript>(new CodeScript(site) { CountsOnlyToken = true }));

    public static Flow Mix { get; } = new("authorize, code, refresh", site => Task.FromResult<IScript>(new CodeScript(site) { Refreshes = true }));

    public static Flow Refresh { get; } = new("refresh", async site => new RefreshScript(site, (await TokensAsync(site)).Refresh));

    public static Flow Jwks { get; } = new("JWKS", site => Always(Requests.Get(site.Jwks)));

    public static Flow Metadata { get; } = new("metadata", site => Always(Requests.Get(site.Metadata)));

    public static IReadOnlyList<Flow> All { get; } =
    [
        ClientCredentials,
        Exchange,
        Mix,
        Refresh,
        new("userinfo", async site => await Always(Requests.Get(site.UserInfo, $"Authorization: Bearer {(await TokensAsync(site)).Access}"))),
        new("introspection", async site => await Always(Requests.Post(site.Introspect, $"token={(await TokensAsync(site)).Access}", Clients.Web))),
        new("pushed request", site => Always(Requests.Post(site.Par, Clients.AuthorizationRequest, Clients.Web), 201)),
        Jwks,
        Metadata,
    ];

    /// <summary>One request of each kind, where what a single one waits for is of interest.</summary>
    public static IReadOnlyList<Flow> Single { get; } = [ClientCredentials, Authorize, Code, Refresh, .. All.Skip(4)];

    /// <summary>Those of which the server can count what they take: nothing in them is made aside.</summary>
    public static IReadOnlyList<Flow> Countable { get; } = [ClientCredentials, Authorize, Exchange, Refresh, .. All.Skip(4)];

    /// <summary>Those whose cost depends on the algorithm.</summary>
    public static IReadOnlyList<Flow> Signing { get; } = [ClientCredentials, Exchange, Mix, Refresh];

    /// <summary>It has no sessions, so that a person signs in for each code.</summary>
    public static IReadOnlyList<Flow> OfOpenAuth { get; } = [Refresh, Jwks, Metadata];

    private static Task<IScript> Always(byte[] request, int status = 200) => Task.FromResult<IScript>(new OneRequest(request, status));

    private static async Task<(string Access, string Refresh)> TokensAsync(Site site)
    {
        var code = (await SignIn.RunAsync(site, Clients.SilentRequest)).Code;
        using var wire = await Wire.ConnectAsync(site.Port);
        var tokens = (await wire.SendAsync(CodeScript.Redemption(site, code))).Expect(200);
        return (tokens.Member("access_token"), tokens.Member("refresh_token"));
    }
}

/// <summary>The same request again and again.</summary>
internal sealed class OneRequest(byte[] request, int status) : IScript
{
    public async ValueTask RunAsync(Sender send) => (await send.Counted(request)).Expect(status);
}

/// <summary>A browser with a session and a consent gets a code.</summary>
internal sealed class AuthorizeScript(Site site) : IScript
{
    private readonly byte[] authorize = Requests.Get($"{site.Authorize}?{Clients.SilentRequest}", site.Cookie);

    public async ValueTask RunAsync(Sender send) => (await send.Counted(authorize)).ExpectRedirect().InLocation("code");
}

/// <summary>A browser with a session and a consent gets a code, and the app redeems it.</summary>
internal sealed class CodeScript(Site site) : IScript
{
    private readonly byte[] authorize = Requests.Get($"{site.Authorize}?{Clients.SilentRequest}", site.Cookie);

    /// <summary>And refreshes once.</summary>
    public bool Refreshes { get; init; }

    public bool CountsOnlyToken { get; init; }

    public async ValueTask RunAsync(Sender send)
    {
        var tokens = await TokensAsync(send);
        if (Refreshes)
            (await send.Counted(RefreshScript.Request(site, tokens.Member("refresh_token")))).Expect(200);
    }

    public static byte[] Redemption(Site site, string code) => Requests.Post(
        site.Token,
        $"grant_type=authorization_code&client_id=web&code={code}&redirect_uri={Uri.EscapeDataString(Clients.RedirectUri)}&code_verifier={Clients.Verifier}",
        Clients.Web);

    private async ValueTask<Reply> TokensAsync(Sender send)
    {
        var code = (await (CountsOnlyToken ? send.Aside : send.Counted)(authorize)).ExpectRedirect().InLocation("code");
        return (await send.Counted(Redemption(site, code))).Expect(200);
    }
}

/// <summary>An app refreshes again and again, with the refresh token that the answer before had.</summary>
internal sealed class RefreshScript(Site site, string refreshToken) : IScript
{
    private string token = refreshToken;

    public static byte[] Request(Site site, string token) =>
        Requests.Post(site.Token, $"grant_type=refresh_token&refresh_token={token}", Clients.Web);

    public async ValueTask RunAsync(Sender send) => token = (await send.Counted(Request(site, token))).Expect(200).Member("refresh_token");
}
