using System.Buffers.Text;
using System.Text;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>
/// JSON of strangers that .NET takes for good and stumbles over later, at each place that reads any: the answer says that the request is bad,
/// and nothing is an unexpected error.
/// </summary>
public sealed class ForeignJsonTests(FrontServer shared) : IClassFixture<FrontServer>
{
    private static readonly Dictionary<string, string> Texts = new()
    {
        ["half of a character"] = """{"sub":"\ud800","userinfo":{"email":{"value":"\ud800"}},"redirect_uris":["\udc00"],"keys":["\ud800"]}""",
        ["half of a character in a name"] = """{"\ud800":1,"userinfo":{"\udfff":null},"redirect_uris":[{"\ud800":1}]}""",
        ["null where a value must be"] = """{"iss":null,"sub":null,"aud":[null],"exp":null,"userinfo":{"email":{"values":[null]}},"redirect_uris":[null],"jwks":{"keys":[null]}}""",
        ["very deep"] = string.Concat(Enumerable.Repeat("""{"userinfo":""", 60)) + "1" + new string('}', 60),
        ["a member twice"] = """{"sub":"a","sub":"b","redirect_uris":[],"redirect_uris":[]}""",
        ["a number that no type holds"] = """{"iat":1e999,"exp":1e999,"nbf":-1e999,"max_age":1e999,"userinfo":{"email":{"value":1e999}},"default_max_age":1e999}""",
        ["not even UTF-8"] = "{\"sub\":\"\u00ff\"}",
        ["an array"] = "[]",
        ["null"] = "null",
        ["nothing"] = "",
    };

    private static readonly Dictionary<string, Func<RunningServer, string, Task<int>>> Places = new()
    {
        ["claims"] = async (server, json) => (int)(await new Browser(server).GetAsync(new AuthorizationParameters().With("claims", json).Url)).Status,
        ["pushed claims"] = async (server, json) => (await new ClientApp(server).PostAsync("par", [.. Parameters, ("claims", json)])).Status,
        ["request object, payload"] = (server, json) => RequestAsync(server, Jwt("""{"alg":"ES256"}""", json)),
        ["request object, header"] = (server, json) => RequestAsync(server, Jwt(json, """{"client_id":"web"}""")),
        ["assertion, payload"] = (server, json) => AssertAsync(server, Jwt("""{"alg":"ES256"}""", json)),
        ["assertion, header"] = (server, json) => AssertAsync(server, Jwt(json, """{"sub":"web","iss":"web"}""")),
        ["access token at userinfo, payload"] = async (server, json) => (await new ClientApp(server).UserInfoAsync(Jwt("""{"alg":"RS256","typ":"at+jwt"}""", json))).Status,
        ["access token at userinfo, header"] = async (server, json) => (await new ClientApp(server).UserInfoAsync(Jwt(json, "{}"))).Status,
        ["token at introspection"] = async (server, json) => (await new ClientApp(server).IntrospectAsync(Jwt(json, json))).Status,
        ["token at revocation"] = async (server, json) => (await new ClientApp(server).RevokeAsync(Jwt(json, json))).Status,
        ["id_token_hint at authorize"] = async (server, json) => (int)(await new Browser(server).GetAsync(new AuthorizationParameters().With("id_token_hint", Jwt(json, json)).Url)).Status,
        ["id_token_hint at logout"] = async (server, json) => (int)(await new Browser(server).GetAsync($"logout?id_token_hint={Jwt(json, json)}")).Status,
        ["registration"] = async (server, json) => (await server.PostAsync("register", json, contentType: "application/json")).Status,
    };

    public static IEnumerable<object[]> All => from place in Places.Keys from text in Texts.Keys select (object[])[place, text];

    private static IEnumerable<(string Name, string? Value)> Parameters => new AuthorizationParameters().All.Select(pair => (pair.Key, (string?)pair.Value));

    [Theory]
    [MemberData(nameof(All))]
    public async Task It_is_a_bad_request_and_no_unexpected_error(string place, string text)
    {
        var before = shared.Server.Log.Lines.Count;
        var status = await Places[place](shared.Server, Texts[text]);
        var unexpected = shared.Server.Log.Lines.Skip(before).FirstOrDefault(line => line.StartsWith("Error", StringComparison.Ordinal));
        Assert.True(unexpected is null, unexpected);
        Assert.True(status < 500, $"{status}");
    }

    private static async Task<int> RequestAsync(RunningServer server, string jwt) =>
        (int)(await new Browser(server).GetAsync(new AuthorizationParameters().With("request", jwt).Url)).Status;

    private static async Task<int> AssertAsync(RunningServer server, string jwt) => (await server.PostAsync(
        "token",
        $"grant_type=client_credentials&client_assertion_type={Uri.EscapeDataString("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")}&client_assertion={jwt}")).Status;

    /// <summary>Each character of the parts is one byte.</summary>
    private static string Jwt(string header, string payload) =>
        $"{Base64Url.EncodeToString(Encoding.Latin1.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.Latin1.GetBytes(payload))}.{Base64Url.EncodeToString(new byte[64])}";
}
