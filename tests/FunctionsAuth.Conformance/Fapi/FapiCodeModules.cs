using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Checks.Tokens;
using FunctionsAuth.Conformance.Party;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Fapi;

/// <summary>The modules of the code flow of the FAPI 2.0 Security Profile: requests, codes and tokens.</summary>
public abstract partial class FapiCodeModules : FapiClientCredentialsModules
{
    private static readonly string[] BadJkt = ["invalid_request", "invalid_grant", "invalid_dpop_proof"];
    private static readonly string[] BadRequest = ["invalid_request", "invalid_request_object"];
    private static readonly string[] BadClient = ["invalid_client", "invalid_request"];

    [Module("fapi2-security-profile-final-happy-flow")]
    public async Task Happy_flow()
    {
        var login = await First.LoginAsync();
        var inQuery = await SuiteHttp.GetAsync($"{Provider.UserInfoEndpoint}?access_token={Uri.EscapeDataString(login.AccessToken)}");
        Assert.Contains(inQuery.Status, (int[])[400, 401, 414]);
        await First.UseAsync(login.AccessToken, accept: "application/json;charset=UTF-8");
        await First.UseAsync(login.AccessToken, accept: "application/json, application/*+json, */*");
        var request = Second.Request(("state", RandomText.LongOf(128)), ("nonce", RandomText.LongOf(43)), ("dpop_jkt", Variant.CertificateBound ? null : Second.Dpop.Thumbprint));
        var second = await Second.LoginAsync(request, backwards: true);
        await Second.UseAsync(second.AccessToken);
        var stolen = await First.ResourceAsync(second.AccessToken, proofs: First.ResourceProof(second.AccessToken));
        Assert.InRange(stolen.Status, 400, 499);
    }

    [Module("fapi2-security-profile-final-user-rejects-authentication")]
    public async Task User_rejects()
    {
        foreach (var client in (FapiParty[])[First, Second])
        {
            var request = client.Request(("state", RandomText.LongOf(128)), ("prompt", "consent"));
            var link = client.Link(request, FapiParty.RequestUriOf(await client.PushAsync(request)));
            var page = await Browser.GetAsync(link.Url(Provider.AuthorizationEndpoint));
            page = await Browser.SubmitAsync(page, page.IsLogin ? "cancel" : "deny");
            Assert.Equal("access_denied", await client.ErrorAsync(request, page));
        }
    }

    [Module("fapi2-security-profile-final-ensure-authorization-request-without-state-success")]
    public Task Without_state() => First.LoginAsync(First.Request(("state", null)));

    [Module("fapi2-security-profile-final-ensure-authorization-request-without-nonce-success")]
    public Task Without_nonce() => First.LoginAsync(First.Request(("nonce", null)));

    [Module("fapi2-security-profile-final-ensure-authorization-request-with-64-char-nonce-success")]
    public Task With_64_char_nonce() => First.LoginAsync(First.Request(("nonce", RandomText.LongOf(64))));

    [Module("fapi2-security-profile-final-ensure-authorization-request-with-long-nonce")]
    public Task With_long_nonce() => First.LoginAsync(First.Request(("nonce", RandomText.LongOf(384))));

    [Module("fapi2-security-profile-final-ensure-authorization-request-with-long-state")]
    public Task With_long_state() => First.LoginAsync(First.Request(("state", RandomText.LongOf(1000))));

    [Module("fapi2-security-profile-final-ensure-other-scope-order-succeeds")]
    public async Task Other_scope_order()
    {
        await First.LoginAsync(First.Request(("scope", "openid email")));
        await First.LoginAsync(First.Request(("scope", "email openid")));
    }

    [Module("fapi2-security-profile-final-test-claims-parameter-identity-claims")]
    public async Task Claims_parameter()
    {
        Assert.True(Provider.IsOn("claims_parameter_supported"));
        string[] names = ["name", "given_name", "family_name", "email", "email_verified", "phone_number", "birthdate", "address"];
        JsonNode?[] wishes = [null, new JsonObject(), new JsonObject { ["essential"] = true }, new JsonObject { ["vnd_unknown"] = "x" }, new JsonObject { ["essential"] = false }];
        var location = new JsonObject(names.Select((name, i) => KeyValuePair.Create(name, wishes[i % wishes.Length]?.DeepClone())));
        var claims = new JsonObject { ["id_token"] = location, ["userinfo"] = location.DeepClone(), ["vnd_location"] = new JsonObject() };
        var request = First.Request(("claims", claims.ToJsonString()));
        request = request with { Parameters = request.Parameters with { IdTokenClaims = names, UserInfoClaims = names } };
        var login = await First.LoginAsync(request);
        var userinfo = await First.ResourceAsync(login.AccessToken, proofs: First.ResourceProof(login.AccessToken));
        await UserInfoCheck.VerifyAsync(Provider, First.Client.ForChecks, userinfo, new Login(request.Parameters, new Dictionary<string, string>(), null, login.IdToken, login.TokenAnswer, null));
    }

    [Module("fapi2-security-profile-final-access-token-type-header-case-sensitivity")]
    public async Task Scheme_in_other_letters() => await First.UseAsync((await First.LoginAsync()).AccessToken, scheme: Variant.CertificateBound ? "bEARER" : "dPOp");

    [Module("fapi2-security-profile-final-ensure-mismatched-dpop-jkt-fails", Part = FapiPart.Dpop)]
    public async Task Mismatched_dpop_jkt()
    {
        var answer = await First.PushAsync(First.Request(("dpop_jkt", new DpopMaker().Thumbprint)), new FapiFault { Proof = (_, _) => { } });
        Assert.Equal(400, answer.Status);
        ShouldFail(answer, "invalid_request", "invalid_dpop_proof");
    }

    [Module("fapi2-security-profile-final-ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt", Part = FapiPart.Dpop)]
    public async Task Other_key_than_the_proof_at_par()
    {
        var request = First.Request();
        var code = await First.CodeAsync(request, new FapiFault { Proof = (_, _) => { } });
        First.TakeNewDpopKey();
        ShouldFail(await First.RedeemAsync(request, code), BadJkt);
    }

    [Module("fapi2-security-profile-final-ensure-token-endpoint-fails-with-mismatched-dpop-jkt", Part = FapiPart.Dpop)]
    public async Task Other_key_than_dpop_jkt()
    {
        var request = First.Request(("dpop_jkt", new DpopMaker().Thumbprint));
        ShouldFail(await First.RedeemAsync(request, await First.CodeAsync(request)), BadJkt);
    }

    [Module("fapi2-security-profile-final-ensure-dpopproof-at-par-endpoint-binding-success", Part = FapiPart.Dpop)]
    public Task Proof_at_par() => First.LoginAsync(fault: new FapiFault { Proof = (_, _) => { } });

    [Module("fapi2-security-profile-final-ensure-dpop-auth-code-binding-success", Part = FapiPart.Dpop)]
    public Task Proof_and_dpop_jkt_at_par() => First.LoginAsync(First.Request(("dpop_jkt", First.Dpop.Thumbprint)), new FapiFault { Proof = (_, _) => { } });

    [Module("fapi2-security-profile-final-ensure-different-nonce-inside-and-outside-request-object")]
    public Task Other_nonce_outside() => OutsideAsync("nonce", First.Request());

    [Module("fapi2-security-profile-final-ensure-different-state-inside-and-outside-request-object")]
    public Task Other_state_outside() => OutsideAsync("state", First.Request());

    [Module("fapi2-security-profile-final-state-only-outside-request-object-not-used")]
    public Task State_only_outside() => OutsideAsync("state", First.Request(("state", null)));

    [Module("fapi2-security-profile-final-ensure-request-object-without-redirect-uri-fails")]
    public Task Without_redirect_uri() => RefuseAtParAsync(("redirect_uri", null));

    [Module("fapi2-security-profile-final-ensure-redirect-uri-in-authorization-request")]
    public Task Without_redirect_uri_anywhere() => RefuseAtParAsync(("redirect_uri", null));

    [Module("fapi2-security-profile-final-plain-fapi-tolerate-unregistered-redirect-uri")]
    public Task Unregistered_redirect_uri() => RefuseAtParAsync(("redirect_uri", $"{First.Client.RedirectUri}/{RandomText.Of(8)}"));

    [Module("fapi2-security-profile-final-ensure-unsigned-authorization-request-without-using-par-fails")]
    public async Task Without_par()
    {
        var request = First.Request();
        await ShouldBePageOrErrorAsync(First, request, await Browser.GetAsync(request.Parameters.Url(Provider.AuthorizationEndpoint)), "invalid_request");
    }

    [Module("fapi2-security-profile-final-ensure-response-type-code-idtoken-fails")]
    public Task Code_and_id_token() => RefuseAtParAsync(["unsupported_response_type", "invalid_request", "unauthorized_client"], ("response_type", "code id_token"));

    [Module("fapi2-security-profile-final-ensure-response-type-token-fails")]
    public Task Token() => RefuseAtParAsync(["unsupported_response_type", "invalid_request", "unauthorized_client"], ("response_type", "token"));

    [Module("fapi2-security-profile-final-ensure-authorization-code-is-bound-to-client")]
    public async Task Code_of_another_client()
    {
        var request = First.Request();
        var answer = await Second.RedeemAsync(request, await First.CodeAsync(request));
        Assert.Equal(400, answer.Status);
        ShouldFail(answer, "invalid_grant");
    }

    [Module("fapi2-security-profile-final-attempt-reuse-authorization-code-after-one-second")]
    public async Task Code_again()
    {
        var request = First.Request();
        var code = await First.CodeAsync(request);
        var login = await First.CheckAsync(request, await First.RedeemAsync(request, code));
        await Task.Delay(TimeSpan.FromSeconds(1));
        ShouldFail(await First.RedeemAsync(request, code), "invalid_grant");
        Assert.InRange((await First.ResourceAsync(login.AccessToken, proofs: First.ResourceProof(login.AccessToken))).Status, 400, 499);
    }

    [Module("fapi2-security-profile-final-ensure-pkce-code-verifier-required")]
    public async Task Without_verifier()
    {
        var request = First.Request();
        ShouldFail(await First.RedeemAsync(request, await First.CodeAsync(request), new FapiFault { Form = form => form.Remove("code_verifier") }), "invalid_grant");
    }

    [Module("fapi2-security-profile-final-incorrect-pkce-code-verifier-rejected")]
    public async Task Wrong_verifier()
    {
        var request = First.Request();
        ShouldFail(await First.RedeemAsync(request with { Verifier = RandomText.LongOf(128) }, await First.CodeAsync(request)), "invalid_grant");
    }

    [Module("fapi2-security-profile-final-refresh-token")]
    public async Task Refresh_token()
    {
        await RefreshAsync(First);
        var (second, refreshToken) = await RefreshAsync(Second);
        Assert.InRange((await First.ResourceAsync(second, proofs: First.ResourceProof(second))).Status, 400, 499);
        ShouldFail(await First.RefreshAsync(refreshToken), "invalid_grant");
    }

    protected override async Task<Answer> TokenAsync(FapiParty client, FapiFault fault)
    {
        var request = client.Request();
        return await client.RedeemAsync(request, await client.CodeAsync(request), fault);
    }

    protected override async Task WithProofAsync(Action<JsonObject, JsonObject> proof)
    {
        var login = await First.LoginAsync(fault: new FapiFault { Proof = proof });
        await First.UseAsync(login.AccessToken, proof: proof);
    }

    private async Task OutsideAsync(string parameter, FapiRequest request)
    {
        var link = First.Link(request, FapiParty.RequestUriOf(await First.PushAsync(request))).With(parameter, RandomText.Of(12));
        var page = await Browser.AnswerAsync(await Browser.GetAsync(link.Url(Provider.AuthorizationEndpoint)));
        await First.CheckAsync(request, await First.RedeemAsync(request, await First.SuccessAsync(request, page)));
    }

    private Task RefuseAtParAsync(params (string Name, string? Value)[] changes) => RefuseAtParAsync(BadRequest, changes);

    private async Task RefuseAtParAsync(string[] errors, params (string Name, string? Value)[] changes) => ShouldFail(await First.PushAsync(First.Request(changes)), errors);

    /// <returns>The last access token, and the refresh token.</returns>
    private async Task<(string AccessToken, string RefreshToken)> RefreshAsync(FapiParty client)
    {
        const string scope = "openid offline_access";
        var login = await client.LoginAsync(client.Request(("scope", scope), ("prompt", "consent")));
        client.TakeNewDpopKey();
        var json = TokenResponseCheck.Verify(await client.RefreshAsync(login.RefreshToken, scope: scope), mustHaveIdToken: false, tokenType: Variant.TokenType);
        // 5.3.2.1-9: it does not rotate.
        Assert.Equal(login.RefreshToken, json["refresh_token"]?.GetValue<string>() ?? login.RefreshToken);
        if (json["id_token"]?.GetValue<string>() is { } raw)
            Assert.Equal((login.IdToken!["iss"], login.IdToken["sub"], login.IdToken["aud"], login.IdToken["auth_time"]), (CheckedJwt.Read(raw)["iss"], CheckedJwt.Read(raw)["sub"], CheckedJwt.Read(raw)["aud"], CheckedJwt.Read(raw)["auth_time"]));
        var accessToken = json["access_token"]!.GetValue<string>();
        await client.UseAsync(accessToken);
        if (!Variant.CertificateAuth)
            ShouldFail(await client.RefreshAsync(login.RefreshToken, new FapiFault { Form = form => form.Remove("client_assertion") }), "invalid_client", "invalid_grant", "invalid_request");
        ShouldFail(await client.RefreshAsync(login.RefreshToken, new FapiFault { WithoutProof = true }), Variant.CertificateBound ? ["invalid_request", "invalid_client", "invalid_grant"] : ["invalid_request", "invalid_grant", "invalid_dpop_proof"]);
        return (accessToken, login.RefreshToken);
    }
}
