using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Samples.Tests.Harness;

namespace FunctionsAuth.Samples.Tests;

/// <summary>samples/aspnetcore-api and samples/functions-api are one API, with the same answers.</summary>
[Collection(ShopTests.Name)]
public sealed class ApiTests(Shop shop) : IDisposable
{
    private const string AspNetCore = "aspnetcore-api";
    private const string Functions = "functions-api";

    private readonly HttpClient http = new();
    private readonly Tokens tokens = new(shop);

    private string Metadata => $"resource_metadata=\"{new Uri(shop.Api, ".well-known/oauth-protected-resource")}\"";

    public void Dispose()
    {
        http.Dispose();
        tokens.Dispose();
    }

    [Theory]
    [InlineData(AspNetCore)]
    [InlineData(Functions)]
    public async Task Without_a_token_a_client_learns_where_to_get_one(string sample)
    {
        using var answer = await AskAsync(sample, HttpMethod.Get, "orders");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(["DPoP algs=\"ES256 PS256\"", $"Bearer {Metadata}"], answer.Headers.WwwAuthenticate.Select(challenge => challenge.ToString()));
        var metadata = (await http.GetFromJsonAsync<JsonObject>(new Uri(UrlOf(sample), ".well-known/oauth-protected-resource")))!;
        Assert.Equal(shop.Api.GetLeftPart(UriPartial.Authority), metadata["resource"]!.GetValue<string>());
        Assert.Equal(shop.Issuer.GetLeftPart(UriPartial.Authority), metadata["authorization_servers"]![0]!.GetValue<string>());
        Assert.Equal(["orders.read", "orders.write"], metadata["scopes_supported"]!.AsArray().Select(scope => scope!.GetValue<string>()));
    }

    [Theory]
    [InlineData(AspNetCore)]
    [InlineData(Functions)]
    public async Task A_token_for_another_API_is_refused(string sample)
    {
        using var answer = await AskAsync(sample, HttpMethod.Get, "orders", await tokens.OfServiceAsync("api.read"));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("error=\"invalid_token\"", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Contains(Metadata, answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AspNetCore)]
    [InlineData(Functions)]
    public async Task A_token_opens_what_its_scope_names(string sample)
    {
        var token = await tokens.OfServiceAsync("orders.read");
        using var read = await AskAsync(sample, HttpMethod.Get, "orders", token);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        using var write = await AskAsync(sample, HttpMethod.Post, "orders", token);
        Assert.Equal(HttpStatusCode.Forbidden, write.StatusCode);
        Assert.Equal($"Bearer error=\"insufficient_scope\", scope=\"orders.write\", {Metadata}", write.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData(AspNetCore)]
    [InlineData(Functions)]
    public async Task A_person_places_orders_with_one_scope_of_several_and_sees_more_by_a_role(string sample)
    {
        var token = await tokens.OfAliceAsync("openid profile orders.read orders.write");
        using var placed = await AskAsync(sample, HttpMethod.Post, "orders", token);
        Assert.Equal("Coffee", (await JsonAsync(placed))["item"]!.GetValue<string>());
        using var own = await AskAsync(sample, HttpMethod.Get, "orders", token);
        Assert.Single((await JsonAsync(own)).AsArray());
        using var all = await AskAsync(sample, HttpMethod.Get, "orders/all", token);
        Assert.Equal(2, (await JsonAsync(all)).AsArray().Count);

        using var refused = await AskAsync(sample, HttpMethod.Get, "orders/all", await tokens.OfServiceAsync("orders.read"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Empty(refused.Headers.WwwAuthenticate);
    }

    [Theory]
    [InlineData(AspNetCore)]
    [InlineData(Functions)]
    public async Task A_password_is_not_enough_for_a_payment(string sample)
    {
        using var answer = await AskAsync(sample, HttpMethod.Post, "payments", await tokens.OfAliceAsync("openid orders.write"));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal($"Bearer error=\"insufficient_user_authentication\", acr_values=\"urn:functionsauth:acr:mfa\", {Metadata}", answer.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData(AspNetCore)]
    [InlineData(Functions)]
    public async Task A_bound_token_needs_a_new_proof_for_each_request(string sample)
    {
        var token = await tokens.OfServiceAsync("orders.read", isBound: true);
        // The address that the metadata names, also where a host stands in between.
        var proof = tokens.Proof(HttpMethod.Get, new Uri(shop.Api, "orders"), token);
        using var first = await AskAsync(sample, HttpMethod.Get, "orders", token, proof);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        using var again = await AskAsync(sample, HttpMethod.Get, "orders", token, proof);
        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
        Assert.StartsWith("DPoP error=\"invalid_token\"", again.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        using var stolen = await AskAsync(sample, HttpMethod.Get, "orders", token);
        Assert.Equal(HttpStatusCode.Unauthorized, stolen.StatusCode);
    }

    private Uri UrlOf(string sample) => sample == AspNetCore ? shop.Api : shop.Functions;

    private async Task<HttpResponseMessage> AskAsync(string sample, HttpMethod method, string path, string? token = null, string? proof = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(UrlOf(sample), path));
        if (method == HttpMethod.Post)
            request.Content = JsonContent.Create(new { item = "Coffee" });
        if (token is not null)
            request.Headers.Authorization = new(proof is null ? "Bearer" : "DPoP", token);
        if (proof is not null)
            request.Headers.Add("DPoP", proof);
        return await http.SendAsync(request);
    }

    private static async Task<JsonNode> JsonAsync(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode} {body}");
        return JsonNode.Parse(body)!;
    }
}
