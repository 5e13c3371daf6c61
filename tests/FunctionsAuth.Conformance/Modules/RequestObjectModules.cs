using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Modules;

/// <summary>
/// What flow plans and the Dynamic plan have in common: the flow itself, and request objects that are not signed. This server
/// never takes those: their modules are skipped, but only if the metadata says so and the server really refuses.
/// </summary>
public abstract class RequestObjectModules : Module
{
    protected const string RequestObjectAlgorithms = "request_object_signing_alg_values_supported";

    [Module("oidcc-server")]
    public async Task Server_flow() => await (await ClientAsync()).LoginAsync();

    [Module("oidcc-ensure-request-object-with-redirect-uri")]
    public async Task Request_object_with_redirect_uri()
    {
        ShouldNotListNone();
        var client = await ClientAsync();
        var request = client.Request().Inside("request", SuiteKey.Unsigned);
        await client.ShownErrorAsync(request.With("redirect_uri", $"{request.RedirectUri}_invalid"), "request object");
        Skip();
    }

    protected async Task UnsignedRequestObjectAsync()
    {
        ShouldNotListNone();
        var client = await ClientAsync();
        await client.RefusedUnreadAsync(client.Request().Inside("request", SuiteKey.Unsigned), "invalid_request_object");
        Skip();
    }

    /// <summary>The address has a fragment that is not the hash of the object.</summary>
    protected async Task UnsignedRequestUriAsync()
    {
        ShouldNotListNone();
        var client = await RegisterAsync(new JsonObject { ["request_uris"] = new JsonArray(RequestObjectAddress) });
        var request = client.Request().Inside("request_uri", claims => $"{Publish(SuiteKey.Unsigned(claims))}#{RandomText.Of(43)}");
        await client.RefusedUnreadAsync(request, "invalid_request_object");
        Skip();
    }

    protected string RequestObjectAddress => Inbox.FetchAddressOf("request.jwt");

    /// <returns>Its address.</returns>
    protected string Publish(string requestObject) => Inbox.Serve("request.jwt", requestObject, "application/oauth-authz-req+jwt");

    private void ShouldNotListNone()
    {
        Assert.Contains(RequestObjectAlgorithms, Provider.Metadata);
        Assert.DoesNotContain("none", Provider.List(RequestObjectAlgorithms));
    }

    private static void Skip() => throw new SkippedException($"{RequestObjectAlgorithms} does not list none, and the unsigned request was refused");
}
