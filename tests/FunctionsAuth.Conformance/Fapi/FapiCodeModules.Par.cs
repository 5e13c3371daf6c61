using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Fapi;

/// <summary>The modules about pushed requests, and about wrong proofs.</summary>
public abstract partial class FapiCodeModules
{
    [Module("fapi2-security-profile-final-par-ensure-reused-request-uri-prior-to-auth-completion-succeeds")]
    public async Task Link_opened_twice()
    {
        var request = First.Request(("prompt", "consent"));
        var requestUri = FapiParty.RequestUriOf(await First.PushAsync(request));
        var left = await Browser.GetAsync(First.Link(request, requestUri).Url(Provider.AuthorizationEndpoint));
        Assert.False(left.IsAtClient);
        await First.CheckAsync(request, await First.RedeemAsync(request, await First.SuccessAsync(request, await First.VisitAsync(request, requestUri))));
    }

    [Module("fapi2-security-profile-final-par-attempt-reuse-request_uri")]
    public async Task Link_after_the_flow()
    {
        var request = First.Request();
        var requestUri = FapiParty.RequestUriOf(await First.PushAsync(request));
        await First.SuccessAsync(request, await First.VisitAsync(request, requestUri));
        await ShouldBePageOrErrorAsync(First, request, await First.VisitAsync(request, requestUri), "invalid_request_uri");
    }

    [Module("fapi2-security-profile-final-par-ensure-jwt-client-assertions-nbf-8-seconds-in-the-future-is-accepted", Part = FapiPart.PrivateKeyJwt)]
    public async Task Assertion_of_8_seconds_after() => FapiParty.RequestUriOf(await First.PushAsync(First.Request(), new FapiFault { Assertion = claims => Shift(claims, 8, "iat", "nbf") }));

    [Module("fapi2-security-profile-final-par-ensure-jwt-client-assertions-nbf-over-60-seconds-in-the-future-fails", Part = FapiPart.PrivateKeyJwt)]
    public Task Assertion_of_a_minute_after() => RefuseAssertionAtParAsync(claims => Shift(claims, 90, "iat", "nbf", "exp"));

    [Module("fapi2-security-profile-final-par-attempt-to-use-request_uri-for-different-client")]
    public async Task Link_of_another_client()
    {
        var request = First.Request();
        var link = First.Link(request, FapiParty.RequestUriOf(await First.PushAsync(request))).With("client_id", Second.Client.Id);
        ShouldBePage(await Browser.GetAsync(link.Url(Provider.AuthorizationEndpoint)));
    }

    [Module("fapi2-security-profile-final-par-authorization-request-containing-request_uri-form-param")]
    public async Task Pushed_request_uri()
    {
        var answer = await First.PushAsync(First.Request(), new FapiFault { Form = form => form["request_uri"] = $"urn:ietf:params:oauth:request_uri:{RandomText.Of(20)}" });
        ShouldFail(answer, "invalid_request", "invalid_request_object", "request_uri_not_supported");
    }

    [Module("fapi2-security-profile-final-par-attempt-invalid-http-method")]
    public async Task Par_by_put()
    {
        var request = new HttpRequestMessage(HttpMethod.Put, Provider.Text("pushed_authorization_request_endpoint")) { Content = new FormUrlEncodedContent(First.Request().Parameters.Sent) };
        Assert.InRange((await SuiteHttp.SendAsync(request)).Status, 400, 599);
    }

    [Module("fapi2-security-profile-final-par-ensure-pkce-required")]
    public Task Without_pkce() => RefuseAtParAsync(["invalid_request"], ("code_challenge", null), ("code_challenge_method", null));

    [Module("fapi2-security-profile-final-par-plain-pkce-rejected")]
    public Task Plain_pkce() => RefuseAtParAsync(["invalid_request"], ("code_challenge", RandomText.LongOf(43)), ("code_challenge_method", "plain"));

    [Module("fapi2-security-profile-final-par-without-duplicate-parameters")]
    public async Task Link_without_repeated_parameters()
    {
        var request = First.Request();
        var link = new AuthorizationParameters().With("client_id", First.Client.Id).With("request_uri", FapiParty.RequestUriOf(await First.PushAsync(request)));
        var page = await Browser.AnswerAsync(await Browser.GetAsync(link.Url(Provider.AuthorizationEndpoint)));
        await First.CheckAsync(request, await First.RedeemAsync(request, await First.SuccessAsync(request, page)));
    }

    [Module("fapi2-security-profile-final-par-test-array-as-audience-fails", Part = FapiPart.PrivateKeyJwt)]
    public Task Array_as_audience() => RefuseAssertionAtParAsync(claims => claims["aud"] = new JsonArray(Provider.Issuer, Provider.TokenEndpoint));

    [Module("fapi2-security-profile-final-par-test-par-endpoint-url-as-audience-fails", Part = FapiPart.PrivateKeyJwt)]
    public Task Par_as_audience() => RefuseAssertionAtParAsync(claims => claims["aud"] = Provider.Text("pushed_authorization_request_endpoint"));

    [Module("fapi2-security-profile-final-par-test-token-endpoint-url-as-audience-fails", Part = FapiPart.PrivateKeyJwt)]
    public Task Token_endpoint_as_audience() => RefuseAssertionAtParAsync(claims => claims["aud"] = Provider.TokenEndpoint);

    [Module("fapi2-security-profile-final-dpop-negative-tests", Part = FapiPart.Dpop)]
    public async Task Wrong_proofs()
    {
        var token = (await First.LoginAsync()).AccessToken;
        await First.UseAsync(token);
        (string What, Action<JsonObject, JsonObject> Change)[] wrong =
        [
            ("no typ", (header, _) => header.Remove("typ")), ("no alg", (header, _) => header["alg"] = null), ("no jwk", (header, _) => header.Remove("jwk")), ("no jti", (_, claims) => claims.Remove("jti")),
            ("no htm", (_, claims) => claims.Remove("htm")), ("no htu", (_, claims) => claims.Remove("htu")), ("no iat", (_, claims) => claims.Remove("iat")), ("no ath", (_, claims) => claims.Remove("ath")),
            ("typ", (header, _) => header["typ"] = "dpop+jwt+x"), ("alg none", (header, _) => header["alg"] = "none"),
            ("private key", (header, _) => header["jwk"]!["d"] = RandomText.Of(43)), ("htm", (_, claims) => claims["htm"] = "POST"), ("htu", (_, claims) => claims["htu"] = Provider.TokenEndpoint),
            ("ath", (_, claims) => claims["ath"] = RandomText.Of(43)), ("iat ahead", (_, claims) => Shift(claims, 3600, "iat")), ("iat behind", (_, claims) => Shift(claims, -3600, "iat")),
        ];
        foreach (var (what, change) in wrong)
            ShouldBeRefused(what, await First.ResourceAsync(token, proofs: First.ResourceProof(token, change)));
        var good = First.ResourceProof(token);
        ShouldBeRefused("two headers", await First.ResourceAsync(token, proofs: [First.ResourceProof(token), First.ResourceProof(token)]));
        ShouldBeRefused("two parts", await First.ResourceAsync(token, proofs: good[..good.LastIndexOf('.')]));
        ShouldBeRefused("signature", await First.ResourceAsync(token, proofs: $"{good[..^4]}{(good.EndsWith("AAAA", StringComparison.Ordinal) ? "BBBB" : "AAAA")}"));
        ShouldBeRefused("another key", await First.ResourceAsync(token, proofs: Second.Dpop.Proof("GET", Provider.UserInfoEndpoint, token)));
        ShouldBeRefused("no proof", await First.ResourceAsync(token));
        ShouldBeRefused("no proof with Bearer", await First.ResourceAsync(token, scheme: "Bearer"));
        ShouldBeRefused("RS256", await First.ResourceAsync(token, proofs: RsaProof(token)));

        (string What, Action<JsonObject, JsonObject> Change)[] right =
        [
            ("query and fragment", (_, claims) => claims["htu"] = $"{Provider.UserInfoEndpoint}?query=1#fragment"), ("unknown members", (header, claims) => (header["vnd"], claims["vnd"]) = ("x", "y")),
            ("scheme and host in capitals", (_, claims) => claims["htu"] = Provider.UserInfoEndpoint.Replace("https://localhost", "HTTPS://LOCALHOST", StringComparison.Ordinal)),
        ];
        foreach (var (_, change) in right)
            await First.UseAsync(token, proof: change);
        Assert.Equal(200, (await First.ResourceAsync(token, header: "DPOP", proofs: First.ResourceProof(token))).Status);
        var once = First.ResourceProof(token);
        Assert.Equal(200, (await First.ResourceAsync(token, proofs: once)).Status);
        ShouldBeRefused("once more", await First.ResourceAsync(token, proofs: once));
        await First.UseAsync(token);

        static void ShouldBeRefused(string what, Answer answer) => Assert.True(answer.Status is 400 or 401, $"{what}: {answer.Status} {answer.Body}");
    }

    private string RsaProof(string token)
    {
        var key = FapiKey.Rsa();
        var claims = new JsonObject { ["jti"] = RandomText.Of(20), ["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(), ["htm"] = "GET", ["htu"] = Provider.UserInfoEndpoint, ["ath"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token))) };
        return key.Sign(claims, new JsonObject { ["typ"] = "dpop+jwt", ["alg"] = "RS256", ["jwk"] = key.PublicKey() });
    }

    private async Task RefuseAssertionAtParAsync(Action<JsonObject> change) => ShouldFail(await First.PushAsync(First.Request(), new FapiFault { Assertion = change }), BadClient);

    private static void Shift(JsonObject claims, long seconds, params string[] names)
    {
        foreach (var name in names)
            claims[name] = claims[name]!.GetValue<long>() + seconds;
    }
}
