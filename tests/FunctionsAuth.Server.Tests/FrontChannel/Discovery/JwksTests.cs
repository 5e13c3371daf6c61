using System.Text.Json;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Register;

namespace FunctionsAuth.Server.Tests.FrontChannel;

public sealed class JwksTests : IAsyncLifetime
{
    private RunningServer server = null!;

    public async Task InitializeAsync() =>
        server = await RunningServer.StartAsync(new ServerSetup { Settings = new() { ["Keys:JwksMaxAge"] = "00:20:00" } });

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Each_key_says_its_id_and_its_use_and_its_algorithm_where_it_has_one()
    {
        var keys = await KeysAsync();
        Assert.Equal("ES256", Assert.Single(keys, key => key.TryGetProperty("alg", out _)).GetProperty("alg").GetString());
        Assert.Equal(["EC", "RSA"], keys.Select(key => key.GetProperty("kty").GetString()).Order());
        Assert.All(keys, key => Assert.Equal("sig", key.GetProperty("use").GetString()));
        Assert.All(keys, key => Assert.Matches("^[A-Za-z0-9_-]{43}$", key.GetProperty("kid").GetString()));
        Assert.Equal(keys.Count, keys.Select(key => key.GetProperty("kid").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task An_RSA_key_names_its_algorithm_where_the_server_signs_with_one_only()
    {
        await using var one = await RunningServer.StartAsync(new ServerSetup { Settings = new(Registrar.OpenMode) { ["TokenAlgorithms"] = "RS256 ES256" } });
        var keys = JsonDocument.Parse(await one.Http.GetStringAsync(".well-known/jwks.json")).RootElement.GetProperty("keys").EnumerateArray().ToList();
        Assert.Equal([("EC", "ES256"), ("RSA", "RS256")], keys.Select(key => (key.GetProperty("kty").GetString()!, key.GetProperty("alg").GetString()!)).Order());
        var metadata = JsonDocument.Parse(await one.Http.GetStringAsync(".well-known/openid-configuration")).RootElement;
        foreach (var name in (string[])["id_token_signing_alg_values_supported", "userinfo_signing_alg_values_supported", "introspection_signing_alg_values_supported"])
            Assert.Equal(["RS256", "ES256"], metadata.GetProperty(name).EnumerateArray().Select(algorithm => algorithm.GetString()!));
        var refused = await new Registrar(one).RegisterAsync(Registrar.Metadata(("id_token_signed_response_alg", "PS256")));
        Assert.Equal("id_token_signed_response_alg must be one of RS256, ES256", refused.ShouldFail("invalid_client_metadata")["error_description"]);
    }

    [Fact]
    public async Task No_key_has_a_private_member()
    {
        foreach (var key in await KeysAsync())
        {
            string[] members = key.GetProperty("kty").GetString() switch
            {
                "RSA" => ["e", "kid", "kty", "n", "use"],
                "EC" => ["alg", "crv", "kid", "kty", "use", "x", "y"],
                var other => throw new InvalidOperationException($"A key of type {other}"),
            };
            Assert.Equal(members, key.EnumerateObject().Select(member => member.Name).Order());
            Assert.All(key.EnumerateObject(), member => Assert.Matches("^[A-Za-z0-9_-]+$", member.Value.GetString()));
        }
    }

    [Fact]
    public async Task The_keys_of_both_algorithms_are_those_of_the_tokens()
    {
        var keys = await KeysAsync();
        foreach (var client in (string[])["web", "post"])
        {
            var header = JsonAnswer.Header((await new ClientApp(server, client).LoginAsync("openid")).IdToken);
            var key = Assert.Single(keys, key => key.GetProperty("kid").GetString() == header.GetProperty("kid").GetString());
            Assert.Equal(header.GetProperty("alg").GetString() == "ES256" ? "EC" : "RSA", key.GetProperty("kty").GetString());
        }
    }

    [Fact]
    public async Task They_may_be_kept_as_long_as_the_settings_say()
    {
        var response = await server.Http.GetAsync(".well-known/jwks.json");
        Assert.Equal("public, max-age=1200", response.Headers.CacheControl?.ToString());
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
    }

    private async Task<List<JsonElement>> KeysAsync() =>
        [.. JsonDocument.Parse(await server.Http.GetStringAsync(".well-known/jwks.json")).RootElement.GetProperty("keys").EnumerateArray()];
}
