using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Checks;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Party;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Modules;

/// <summary>Redirect URIs and request objects.</summary>
public abstract partial class DynamicModules
{
    [Module("oidcc-ensure-redirect-uri-in-authorization-request")]
    public async Task No_redirect_uri()
    {
        var client = await RegisterAsync(RedirectUris(Inbox.CallbackUri, Inbox.AddressOf("another")));
        await client.ShownErrorAsync(client.Request(("redirect_uri", null)), "redirect_uri");
    }

    [Module("oidcc-redirect-uri-query-OK")]
    public async Task Redirect_uri_query()
    {
        var client = await RegisterAsync(RedirectUris($"{Inbox.CallbackUri}?bar=foo"));
        await client.LoginAsync();
    }

    [Module("oidcc-redirect-uri-query-mismatch")]
    public async Task Redirect_uri_query_mismatch()
    {
        var client = await RegisterAsync(RedirectUris($"{Inbox.CallbackUri}?bar=foo"));
        await client.ShownErrorAsync(client.Request(("redirect_uri", $"{Inbox.CallbackUri}?foo=bar")), "redirect_uri");
    }

    [Module("oidcc-redirect-uri-query-added")]
    public async Task Redirect_uri_query_added()
    {
        var client = await ClientAsync();
        await client.ShownErrorAsync(client.Request(("redirect_uri", $"{Inbox.CallbackUri}?foo=bar")), "redirect_uri");
    }

    [Module("oidcc-redirect-uri-regfrag")]
    public async Task Redirect_uri_with_fragment() => RegistrationCheck.Error(
        await Registrar.TryAsync(RedirectUris($"{Inbox.CallbackUri}#foobar")), "invalid_redirect_uri", "invalid_client_metadata");

    [Module("oidcc-request-uri-signed-rs256")]
    public async Task Request_uri_signed()
    {
        Assert.Contains("RS256", Provider.List(RequestObjectAlgorithms));
        // OpenID Connect Discovery §3: true when it is absent.
        Assert.True(!Provider.Metadata.ContainsKey("request_uri_parameter_supported") || Provider.IsOn("request_uri_parameter_supported"));
        var client = await RegisterAsync(new JsonObject
        {
            ["request_object_signing_alg"] = "RS256",
            ["request_uris"] = new JsonArray(RequestObjectAddress),
        });
        await client.LoginAsync(client.Request().Inside("request_uri", claims =>
        {
            claims["iss"] = client.Client.Id;
            claims["aud"] = Provider.Issuer;
            return Publish(client.Client.Key.Sign(claims));
        }));
    }

    [Module("oidcc-request-uri-unsigned")]
    public Task Request_uri_unsigned() => UnsignedRequestUriAsync();

    private static JsonObject RedirectUris(params string[] uris) => new() { ["redirect_uris"] = new JsonArray([.. uris.Select(uri => (JsonNode)uri)]) };
}
