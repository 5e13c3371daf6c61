using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Composition;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Import;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Server.Tests.Extending;

/// <summary>A grant type, an authentication method and a part of the metadata come to the server without a change of its code.</summary>
public sealed class ExtendingTests : IAsyncLifetime
{
    private RunningServer server = null!;

    private static FeatureSet Features => ServerFeatures.All with
    {
        GrantTypes = [.. ServerFeatures.All.GrantTypes, new VoucherFeature()],
        ClientAuthentication = [.. ServerFeatures.All.ClientAuthentication, new BadgeFeature()],
        Endpoints = [.. ServerFeatures.All.Endpoints, new EndpointFeature(typeof(object)) { Describe = (metadata, described) => metadata["voucher_endpoint"] = described.Urls.Of("voucher") }],
    };

    public async Task InitializeAsync()
    {
        server = await RunningServer.StartAsync(new ServerSetup
        {
            Settings = new Dictionary<string, string?> { ["Registration:Mode"] = "open" },
            Services = services => services.AddSingleton(Features),
        });
        await ImportAsync("""{ "client_id": "kiosk", "token_endpoint_auth_method": "badge", "first_party": true, "grant_types": ["urn:example:voucher"], "scope": "api.read" }""");
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData("badge of kiosk", "good", null)]
    [InlineData("badge of kiosk", "bad", "invalid_grant")]
    [InlineData("badge of another", "good", "invalid_client")]
    public async Task Its_requests_are_answered(string badge, string voucher, string? error)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "token") { Headers = { { BadgeAuthentication.Header, badge } } };
        request.Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = VoucherFeature.GrantType, ["client_id"] = "kiosk", ["voucher"] = voucher });
        var answer = await JsonAnswer.ReadAsync(await server.Http.SendAsync(request));
        Assert.Equal(error is null ? "api.read" : error, answer.Json.GetProperty(error is null ? "scope" : "error").GetString());
    }

    [Fact]
    public async Task The_metadata_tells_of_it()
    {
        var metadata = (await JsonAnswer.ReadAsync(await server.Http.GetAsync(".well-known/openid-configuration"))).Json;
        Assert.Contains(VoucherFeature.GrantType, TextsOf("grant_types_supported"));
        Assert.Contains(BadgeFeature.Method, TextsOf("token_endpoint_auth_methods_supported"));
        Assert.Contains(BadgeFeature.Method, TextsOf("introspection_endpoint_auth_methods_supported"));
        Assert.EndsWith("/voucher", metadata.GetProperty("voucher_endpoint").GetString(), StringComparison.Ordinal);

        IEnumerable<string?> TextsOf(string member) => metadata.GetProperty(member).EnumerateArray().Select(item => item.GetString());
    }

    [Theory]
    [InlineData(""" "first_party": false, "grant_types": ["urn:example:voucher"], "token_endpoint_auth_method": "badge" """, "must not be a voucher unless the client is first_party")]
    [InlineData(""" "grant_types": [], "token_endpoint_auth_method": "badge", "client_secret": "a-secret-that-has-32-characters-or-more" """, "must be left out, as the client has a badge")]
    public async Task The_import_checks_it_by_its_own_rules(string members, string problem)
    {
        var refused = await Assert.ThrowsAsync<ImportException>(() => ImportAsync($$"""{ "client_id": "other", {{members}} }"""));
        Assert.Equal(problem, Assert.Single(refused.Problems).Problem);
    }

    [Theory]
    [InlineData(""" "grant_types": ["authorization_code", "urn:example:voucher"] """, "grant_types[1] must not be urn:example:voucher for a client that registers itself: an operator must register such a client")]
    [InlineData(""" "token_endpoint_auth_method": "badge" """, "token_endpoint_auth_method must not be badge for a client that registers itself")]
    public async Task Clients_that_register_themselves_do_not_get_it(string members, string problem)
    {
        using var body = new StringContent($$"""{ "redirect_uris": ["https://somebody.example/callback"], {{members}} }""", System.Text.Encoding.UTF8, "application/json");
        var answer = await JsonAnswer.ReadAsync(await server.Http.PostAsync("register", body));
        Assert.Equal("invalid_client_metadata", answer.Json.GetProperty("error").GetString());
        Assert.Equal(problem, answer.Json.GetProperty("error_description").GetString());
    }

    private Task ImportAsync(string client) => LocalServer.ImportAsync(server.Get<IServiceProvider>(), $$"""{ "clients": [{{client}}] }""");
}
