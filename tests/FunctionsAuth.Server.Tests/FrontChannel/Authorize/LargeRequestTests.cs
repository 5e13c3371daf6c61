using System.Text.Json.Nodes;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel.Authorize;

/// <summary>
/// What is stored of a request takes no more room than it took when it came, so a request is refused when it is sent or answered as a whole:
/// no size is found to be too large later.
/// </summary>
public sealed class LargeRequestTests
{
    private const int MostBytes = 32_000;

    private static readonly string[] Awkward = ["/", "~%", "é", "\"<'>", "+ ", "=&#?", "漢", "😀"];

    public static IEnumerable<object[]> Pushed => from text in Awkward from length in (int[])[9_000, 12_000, 30_000] select (object[])[text, length];

    [Theory]
    [MemberData(nameof(Pushed))]
    public async Task A_pushed_state_comes_back_as_it_was_or_is_refused_at_once(string text, int length)
    {
        await using var server = await RunningServer.StartAsync();
        await ShouldRoundTripAsync(server, Repeat(text, length));
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task So_does_a_state_of_slashes_on_every_store(BackEnd backEnd)
    {
        await using var server = await RunningServer.StartAsync(new TestStorage(backEnd).Setup());
        Assert.True(await ShouldRoundTripAsync(server, Repeat("/", 12_000)));
        Assert.True(await ShouldRoundTripAsync(server, Repeat("/", 30_000)));
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task A_signed_state_comes_back_as_it_was(BackEnd backEnd)
    {
        var key = new ClientKey();
        await using var server = await RunningServer.StartAsync(new TestStorage(backEnd).Setup());
        await LocalServer.ImportAsync(server.Services, new JsonObject
        {
            ["clients"] = new JsonArray(new JsonObject
            {
                ["client_id"] = "signing",
                ["client_secret"] = RawRequests.SecretOf("signing"),
                ["redirect_uris"] = new JsonArray("https://signing.example/callback"),
                ["scope"] = "openid",
                ["first_party"] = true,
                ["jwks"] = new JsonObject { ["keys"] = new JsonArray(key.Jwk()) },
            }),
        }.ToJsonString());
        var state = Repeat("/", 11_000);
        var claims = new JsonObject();
        foreach (var (name, value) in new AuthorizationParameters("signing").With("state", state).All)
            claims[name] = value;
        var request = new AuthorizationParameters("signing").With("request", key.Sign(claims));
        Assert.Equal(state, (await new Browser(server).AuthorizeAsync(request)).Parameters["state"]);
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Claims_that_nobody_escaped_are_stored_with_the_grant(BackEnd backEnd)
    {
        await using var server = await RunningServer.StartAsync(new TestStorage(backEnd).Setup());
        var names = string.Join(",", Enumerable.Range(0, 1_300).Select(i => $"\"claim-{i:d8}\":null"));
        var (pushed, _) = await PushAsync(server, ("claims", $$$"""{"userinfo":{"email":null,{{{names}}}}}"""));
        Assert.Equal(201, pushed.Status);
        var answer = await new Browser(server).AuthorizeAsync(new AuthorizationParameters().With("request_uri", pushed["request_uri"]));
        var tokens = (await new ClientApp(server).RedeemAsync(answer.Parameters["code"])).ShouldBeOk();
        Assert.Equal("alice@example.com", (await new ClientApp(server).UserInfoAsync(tokens.AccessToken)).ShouldBeOk()["email"]);
    }

    /// <returns>Whether it was taken.</returns>
    private static async Task<bool> ShouldRoundTripAsync(RunningServer server, string state)
    {
        var (pushed, sent) = await PushAsync(server, ("state", state));
        if (pushed.Status == 413)
        {
            // A percent sign that stands for itself is the only one that needs more room than it had.
            Assert.True(sent > MostBytes || state.Contains('%', StringComparison.Ordinal), $"{sent} bytes were refused");
            return false;
        }
        Assert.Equal(201, pushed.Status);
        var answer = await new Browser(server).AuthorizeAsync(new AuthorizationParameters().With("request_uri", pushed["request_uri"]));
        Assert.Equal(state, answer.Parameters["state"]);
        return true;
    }

    /// <summary>Escapes only what has a meaning in this encoding, as many programs do.</summary>
    private static async Task<(JsonAnswer Answer, int Bytes)> PushAsync(RunningServer server, (string Name, string Value) parameter)
    {
        var value = parameter.Value.Replace("%", "%25", StringComparison.Ordinal).Replace("&", "%26", StringComparison.Ordinal).Replace("+", "%2B", StringComparison.Ordinal).Replace(' ', '+');
        var body = new AuthorizationParameters().With(parameter.Name, null).Encoded + $"&{parameter.Name}={value}";
        var bytes = System.Text.Encoding.UTF8.GetBytes(body);
        var answer = await server.PostAsync("par", System.Text.Encoding.Latin1.GetString(bytes), RawRequests.Basic("web", RawRequests.SecretOf("web")));
        return (answer, bytes.Length);
    }

    private static string Repeat(string text, int length) => string.Concat(Enumerable.Repeat(text, length / System.Text.Encoding.UTF8.GetByteCount(text)));
}
