using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Modules;

/// <summary>
/// Modules whose request says in JSON what it wants. The suite's request objects here are unsigned, which this server never
/// takes: the modules are skipped, but only if the metadata says so and the server really refuses.
/// </summary>
public abstract partial class CommonModules
{
    private const string Algorithms = "request_object_signing_alg_values_supported";

    [Module("oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported")]
    public async Task Request_uri_unsigned()
    {
        ShouldNotListNone();
        var address = Inbox.FetchAddressOf("request.jwt");
        var client = await RegisterAsync(new JsonObject { ["request_uris"] = new JsonArray(address) });
        var request = client.Request().Inside("request_uri", claims =>
        {
            Inbox.Serve("request.jwt", SuiteKey.Unsigned(claims), "application/oauth-authz-req+jwt");
            return $"{address}#{RandomText.Of(43)}";
        });
        await client.RefusedUnreadAsync(request, "invalid_request_object");
        Skip();
    }

    [Module("oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported")]
    public async Task Unsigned_request_object()
    {
        ShouldNotListNone();
        var client = await ClientAsync();
        await client.RefusedUnreadAsync(client.Request().Inside("request", SuiteKey.Unsigned), "invalid_request_object");
        Skip();
    }

    [Module("oidcc-ensure-request-object-with-redirect-uri")]
    public async Task Request_object_with_redirect_uri()
    {
        ShouldNotListNone();
        var client = await ClientAsync();
        var request = client.Request().Inside("request", SuiteKey.Unsigned);
        await client.ShownErrorAsync(request.With("redirect_uri", $"{request.RedirectUri}_invalid"), "request object");
        Skip();
    }

    [Module("oidcc-claims-essential")]
    public async Task Claims_essential()
    {
        var inIdToken = Plan.ResponseType == "id_token";
        var claims = new JsonObject { [inIdToken ? "id_token" : "userinfo"] = new JsonObject { ["name"] = new JsonObject { ["essential"] = true } } };
        var client = await ClientAsync();
        var request = client.Request(("claims", claims.ToJsonString()));
        await client.LoginAsync(inIdToken ? request with { IdTokenClaims = ["name"] } : request with { UserInfoClaims = ["name"] });
    }

    private void ShouldNotListNone()
    {
        Assert.Contains(Algorithms, Provider.Metadata);
        Assert.DoesNotContain("none", Provider.List(Algorithms));
    }

    private static void Skip() => throw new SkippedException($"{Algorithms} does not list none, and the unsigned request was refused");
}
