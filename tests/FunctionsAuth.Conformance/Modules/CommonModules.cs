using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Party;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Modules;

/// <summary>The modules that every flow plan has, whatever its response type: here its scopes and its harmless parameters.</summary>
public abstract partial class CommonModules : RequestObjectModules
{
    private const string AllScopes = "openid email phone address profile";

    [Module("oidcc-idtoken-signature")]
    public async Task Id_token_signature()
    {
        var login = await (await RegisterAsync([])).LoginAsync();
        Assert.Equal("RS256", login.IdToken.Header["alg"]!.GetValue<string>());
        Assert.NotNull(login.IdToken.Header["kid"]);
    }

    [Module("oidcc-scope-profile")]
    public Task Scope_profile() => LoginWithScopeAsync("openid profile");

    [Module("oidcc-scope-email")]
    public Task Scope_email() => LoginWithScopeAsync("openid email");

    [Module("oidcc-scope-address")]
    public Task Scope_address() => LoginWithScopeAsync("openid address");

    [Module("oidcc-scope-phone")]
    public Task Scope_phone() => LoginWithScopeAsync("openid phone");

    [Module("oidcc-scope-all")]
    public Task Scope_all() => LoginWithScopeAsync(AllScopes);

    [Module("oidcc-display-page")]
    public Task Display_page() => LoginWithAsync("display", "page");

    [Module("oidcc-display-popup")]
    public Task Display_popup() => LoginWithAsync("display", "popup");

    [Module("oidcc-ensure-request-with-unknown-parameter-succeeds")]
    public Task Unknown_parameter() => LoginWithAsync("extra", "foobar");

    [Module("oidcc-login-hint")]
    public Task Login_hint() => LoginWithAsync("login_hint", $"buffy@{new Uri(Provider.Issuer).Host}");

    [Module("oidcc-ui-locales")]
    public Task Ui_locales() => LoginWithAsync("ui_locales", "se");

    [Module("oidcc-claims-locales")]
    public Task Claims_locales() => LoginWithAsync("claims_locales", "se");

    [Module("oidcc-ensure-request-with-acr-values-succeeds")]
    public async Task Acr_values()
    {
        var supported = Provider.List("acr_values_supported");
        var asked = supported.Count > 0 ? supported : ["1", "2"];
        var login = await LoginWithAsync("acr_values", string.Join(' ', asked));
        Assert.Contains(login.IdToken["acr"], asked);
    }

    [Module("oidcc-ensure-registered-redirect-uri")]
    public async Task Registered_redirect_uri()
    {
        var client = await ClientAsync();
        await client.ShownErrorAsync(client.Request(("redirect_uri", $"{client.Client.RedirectUri}/{RandomText.Of(10)}")), "redirect_uri");
    }

    [Module("oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported")]
    public Task Request_uri_unsigned() => UnsignedRequestUriAsync();

    [Module("oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported")]
    public Task Unsigned_request_object() => UnsignedRequestObjectAsync();

    [Module("oidcc-claims-essential")]
    public async Task Claims_essential()
    {
        var inIdToken = Plan.ResponseType == "id_token";
        var claims = new JsonObject { [inIdToken ? "id_token" : "userinfo"] = new JsonObject { ["name"] = new JsonObject { ["essential"] = true } } };
        var client = await ClientAsync();
        var request = client.Request(("claims", claims.ToJsonString()));
        await client.LoginAsync(inIdToken ? request with { IdTokenClaims = ["name"] } : request with { UserInfoClaims = ["name"] });
    }

    /// <summary>Neither the order of the parameters nor that of the scopes means anything.</summary>
    protected async Task AlternateHappyFlowAsync()
    {
        var client = await ClientAsync();
        await client.LoginAsync(client.Request(("scope", "email openid")), backwards: true);
    }

    /// <summary>An error in the query, whatever the plan's response type, or a page that names what is missing.</summary>
    protected async Task ResponseTypeMissingAsync()
    {
        var client = await ClientAsync();
        await client.RefusedAsync(client.Request(("response_type", null)), "unsupported_response_type", "invalid_request");
    }

    protected async Task WithoutNonceSucceedsAsync()
    {
        var client = await ClientAsync();
        await client.AuthorizeAsync(client.Request(("nonce", null)));
    }

    /// <summary>OpenID Connect Core §3.2.2.1: an ID token of the authorization response has a nonce.</summary>
    protected async Task WithoutNonceFailsAsync()
    {
        var client = await ClientAsync();
        await client.RefusedAsync(client.Request(("nonce", null)), "invalid_request");
    }

    protected async Task<Login> LoginWithAsync(string name, string value) => await (await ClientAsync()).LoginAsync((name, value));

    private async Task LoginWithScopeAsync(string scope)
    {
        foreach (var one in scope.Split(' '))
            Assert.Contains(one, Provider.List("scopes_supported"));
        await LoginWithAsync("scope", scope);
    }
}
