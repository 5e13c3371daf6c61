using System.Buffers.Text;
using System.Text.Json.Nodes;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.ClientAuthentication;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Import;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Strangers;

/// <summary>JWK sets that strangers wrote: few keys, what is malformed is dropped, and only those are tried that may have signed.</summary>
public sealed class KeySetTests : IAsyncLifetime
{
    private const string Path = "/jwks.json";

    private readonly ClientKey ec = new();
    private readonly ClientKey rsa = new(SigningKeyType.Rsa);
    private RunningServer server = null!;
    private ClientHost host = null!;

    public async Task InitializeAsync()
    {
        host = await ClientHost.StartAsync();
        server = await RunningServer.StartAsync(new ServerSetup { Settings = new() { ["Fetch:TrustedHosts:0"] = "127.0.0.1" } });
        await ImportAsync("fetched", ("jwks_uri", new Uri(host.Url, Path).AbsoluteUri));
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task At_a_jwks_uri_20_keys_are_taken_and_21_are_refused()
    {
        host.Serve(Path, Set([.. Others(ClientKeySet.MostKeys - 1), ec.Jwk()]));
        (await AskAsync("fetched", ec)).ShouldBeOk();
        server.Clock.Advance(TimeSpan.FromHours(1));
        host.Serve(Path, Set([.. Others(ClientKeySet.MostKeys), ec.Jwk()]));
        var refused = (await AskAsync("fetched", ec)).ShouldFail("invalid_client", 401);
        Assert.Contains("more than 20 keys", refused["error_description"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_without_points_are_refused_by_their_number_and_asked_for_once()
    {
        host.Serve(Path, Set([.. Enumerable.Range(0, 5_000).Select(_ => new JsonObject { ["kty"] = "EC" })]));
        for (var i = 0; i < 3; i++)
            (await AskAsync("fetched", ec)).ShouldFail("invalid_client", 401);
        Assert.Equal(1, host.RequestsFor(Path));
    }

    [Fact]
    public async Task An_operator_registers_20_keys_at_most()
    {
        await ImportAsync("twenty", ("jwks", JsonNode.Parse(Set([.. Others(ClientKeySet.MostKeys - 1), ec.Jwk()]))));
        (await AskAsync("twenty", ec)).ShouldBeOk();
        var failure = await Assert.ThrowsAsync<ImportException>(() => ImportAsync("more", ("jwks", JsonNode.Parse(Set([.. Others(ClientKeySet.MostKeys), ec.Jwk()])))));
        Assert.Contains("must have at most 20 keys", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_longer_set_that_an_earlier_release_stored_the_first_20_keys_are_good()
    {
        var store = server.Get<IClientStore>();
        await ImportAsync("old", ("jwks", JsonNode.Parse(Set(ec.Jwk()))));
        var client = (await store.FindAsync("old", default))!;
        await store.TrySaveAsync(client with { Jwks = JsonNode.Parse(Set([ec.Jwk(), .. Others(ClientKeySet.MostKeys), rsa.Jwk()]))!.AsObject() }, default);
        (await AskAsync("old", ec)).ShouldBeOk();
        (await AskAsync("old", rsa)).ShouldFail("invalid_client", 401);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("""{ "kty": "EC" }""")]
    [InlineData("""{ "kty": "RSA" }""")]
    [InlineData("""{ "kty": "RSA", "n": "AQAB", "e": "AQAB" }""")]
    [InlineData("""{ "kty": "EC", "crv": "P-256", "x": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE", "y": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE" }""")]
    [InlineData("""{ "kty": "EC", "crv": "P-256", "x": 17, "y": [] }""")]
    [InlineData("""{ "kty": "oct", "k": "c2VjcmV0" }""")]
    [InlineData("""{ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }""")]
    [InlineData("""{ "kty": 17 }""")]
    public async Task A_key_that_is_malformed_or_of_another_kind_is_dropped(string key)
    {
        Assert.Equal(0, ClientKeySet.Parse($$"""{ "keys": [{{key}}] }""").Count);
        host.Serve(Path, Set(JsonNode.Parse(key), ec.Jwk()));
        (await AskAsync("fetched", ec)).ShouldBeOk();
    }

    [Fact]
    public void An_RSA_key_has_2048_to_8192_bits_and_a_small_exponent()
    {
        Assert.Equal(1, ClientKeySet.Parse(Set(Rsa(256, "AQAB"))).Count);
        Assert.Equal(1, ClientKeySet.Parse(Set(Rsa(1024, "AQAB"))).Count);
        Assert.Equal(0, ClientKeySet.Parse(Set(Rsa(255, "AQAB"), Rsa(1025, "AQAB"), Rsa(256, "AQ"), Rsa(256, "AQAA"), Rsa(256, new string('_', 300)))).Count);

        static JsonObject Rsa(int bytes, string e) =>
            new() { ["kty"] = "RSA", ["n"] = Base64Url.EncodeToString([.. Enumerable.Repeat((byte)0xff, bytes)]), ["e"] = e };
    }

    [Theory]
    [InlineData("use", "\"enc\"", false)]
    [InlineData("use", "\"sig\"", true)]
    [InlineData("key_ops", """["sign"]""", false)]
    [InlineData("key_ops", """["verify"]""", true)]
    [InlineData("alg", "\"PS256\"", false)]
    [InlineData("alg", "\"RS256\"", true)]
    public async Task A_key_is_for_the_use_and_the_algorithm_that_it_names(string member, string value, bool isGood)
    {
        var jwk = rsa.Jwk(withKid: false);
        jwk.Remove("use");
        jwk.Remove("alg");
        jwk[member] = JsonNode.Parse(value);
        host.Serve(Path, Set(jwk, ec.Jwk()));
        var answer = await AskAsync("fetched", rsa);
        if (isGood)
            answer.ShouldBeOk();
        else
            answer.ShouldFail("invalid_client", 401);
    }

    [Fact]
    public async Task Each_key_of_one_name_is_tried_and_none_of_another_name()
    {
        // RFC 7517 §4.5: keys of one set may have one kid.
        host.Serve(Path, Set(Named(new ClientKey(), "a"), Named(new ClientKey(SigningKeyType.Rsa), "a"), Named(ec, "a"), Named(rsa, "b")));
        (await AskAsync("fetched", ec, "a")).ShouldBeOk();
        (await AskAsync("fetched", ec)).ShouldBeOk();
        (await AskAsync("fetched", ec, "b")).ShouldFail("invalid_client", 401);
        (await AskAsync("fetched", rsa, "a")).ShouldFail("invalid_client", 401);
    }

    [Fact]
    public async Task A_key_without_a_name_may_have_made_a_token_that_names_one()
    {
        host.Serve(Path, Set(ec.Jwk(withKid: false), rsa.Jwk()));
        (await AskAsync("fetched", ec, "unknown")).ShouldBeOk();
    }

    private static IEnumerable<JsonNode> Others(int count) => Enumerable.Range(0, count).Select(_ => new ClientKey().Jwk());

    private static string Set(params JsonNode?[] keys) => new JsonObject { ["keys"] = new JsonArray([.. keys.Select(key => key?.DeepClone())]) }.ToJsonString();

    private static JsonObject Named(ClientKey key, string kid)
    {
        var jwk = key.Jwk(withKid: false);
        jwk["kid"] = kid;
        return jwk;
    }

    private Task ImportAsync(string id, (string Name, JsonNode? Value) keys) => LocalServer.ImportAsync(server.Services, new JsonObject
    {
        ["clients"] = new JsonArray(new JsonObject
        {
            ["client_id"] = id,
            ["token_endpoint_auth_method"] = "private_key_jwt",
            ["grant_types"] = new JsonArray("client_credentials"),
            ["scope"] = "",
            [keys.Name] = keys.Value,
        }),
    }.ToJsonString());

    private async Task<JsonAnswer> AskAsync(string clientId, ClientKey key, string? kid = null)
    {
        var claims = new JsonObject
        {
            ["iss"] = clientId,
            ["sub"] = clientId,
            ["aud"] = RunningServer.Issuer,
            ["exp"] = server.Clock.GetUtcNow().ToUnixTimeSeconds() + 60,
            ["jti"] = Guid.NewGuid().ToString(),
        };
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_assertion_type"] = ClientAssertions.Type,
            ["client_assertion"] = kid is null ? key.Sign(claims) : key.Sign(claims, ("kid", kid)),
        };
        return await JsonAnswer.ReadAsync(await server.Http.PostAsync("token", new FormUrlEncodedContent(form)));
    }
}
