using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Checks;
using FunctionsAuth.Conformance.Checks.Tokens;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Party;

namespace FunctionsAuth.Conformance.Fapi;

/// <summary>What a module makes wrong. All else is as the base flow has it.</summary>
public sealed record FapiFault
{
    /// <summary>Of the client assertion.</summary>
    public Action<JsonObject>? Assertion { get; init; }

    /// <summary>Of the assertion's header.</summary>
    public JsonObject? AssertionHeader { get; init; }

    /// <summary>Of the request object.</summary>
    public Action<JsonObject>? RequestObject { get; init; }

    /// <summary>Of the request object's header.</summary>
    public Action<JsonObject>? RequestObjectHeader { get; init; }

    /// <summary>Of the form, at its very end.</summary>
    public Action<Dictionary<string, string>>? Form { get; init; }

    /// <summary>Of the DPoP proof.</summary>
    public Action<JsonObject, JsonObject>? Proof { get; init; }

    /// <summary>The request has no proof, and its connection no certificate to which a token could be bound.</summary>
    public bool WithoutProof { get; init; }

    /// <summary>Signs the request object instead of the client's own key.</summary>
    public FapiKey? RequestObjectKey { get; init; }
}

/// <summary>All that a client has after the base flow.</summary>
public sealed record FapiLogin(FapiRequest Request, JsonObject TokenAnswer, CheckedJwt? IdToken)
{
    public string AccessToken => TokenAnswer["access_token"]!.GetValue<string>();

    public string RefreshToken => TokenAnswer["refresh_token"]!.GetValue<string>();
}

/// <summary>A client in the flow of FAPI 2.0 (base flow FB): pushed request, code, tokens that are bound to a key, resource.</summary>
public sealed class FapiParty(Provider provider, FapiPlanAttribute plan, FapiClient client, Inbox inbox, Browser browser)
{
    /// <summary>What a request of the variant <c>rar</c> asks for.</summary>
    private const string Details = """[{"accounts":["first","second"],"type":"account_information"}]""";

    public static FapiFault Nothing { get; } = new();

    public FapiClient Client => client;

    public DpopMaker Dpop { get; private set; } = new();

    /// <summary>The client that goes on is another run of it, with a key of its own.</summary>
    public void TakeNewDpopKey() => Dpop = new DpopMaker { Nonce = Dpop.Nonce };

    public FapiRequest Request(params IEnumerable<(string Name, string? Value)> changes) =>
        FapiRequest.Of(client, plan.Rar ? changes.Prepend(("authorization_details", Details)) : changes);

    public async Task<FapiLogin> LoginAsync(FapiRequest? request = null, FapiFault? fault = null, bool backwards = false)
    {
        request ??= Request();
        var code = await CodeAsync(request, fault, backwards);
        return await CheckAsync(request, await RedeemAsync(request, code, fault));
    }

    /// <summary>To the code, and no further.</summary>
    public async Task<string> CodeAsync(FapiRequest request, FapiFault? fault = null, bool backwards = false) =>
        await SuccessAsync(request, await VisitAsync(request, RequestUriOf(await PushAsync(request, fault)), backwards));

    /// <summary>Follows the link, and the person allows everything.</summary>
    public async Task<Page> VisitAsync(FapiRequest request, string requestUri, bool backwards = false) =>
        await browser.AnswerAsync(await browser.GetAsync(Link(request, requestUri).Url(provider.AuthorizationEndpoint, backwards)));

    /// <summary>The link, with what OAuth 2.0 requires beside the <c>request_uri</c>.</summary>
    public AuthorizationParameters Link(FapiRequest request, string requestUri)
    {
        string[] repeated = ["client_id", "response_type", "scope", "redirect_uri"];
        return new AuthorizationParameters { Sent = request.Parameters.Sent.RemoveRange(request.Parameters.Sent.Keys.Except(repeated)).SetItem("request_uri", requestUri) };
    }

    /// <summary>The code of a page at the client, after all checks of the response.</summary>
    public async Task<string> SuccessAsync(FapiRequest request, Page page)
    {
        var parameters = await ResponseAsync(page);
        Assert.True(!parameters.ContainsKey("error"), $"{parameters.GetValueOrDefault("error")}: {parameters.GetValueOrDefault("error_description")}");
        Assert.Equal(request.Parameters.State, parameters.GetValueOrDefault("state"));
        Entropy.ShouldBeEnough("code", parameters["code"]);
        return parameters["code"];
    }

    /// <summary>The error of a page at the client, after all checks of the response.</summary>
    public async Task<string> ErrorAsync(FapiRequest request, Page page)
    {
        var parameters = await ResponseAsync(page);
        Assert.DoesNotContain("code", parameters.Keys);
        Assert.Equal(request.Parameters.State, parameters.GetValueOrDefault("state"));
        ErrorRedirectCheck.Texts(parameters["error"], parameters.GetValueOrDefault("error_description"), parameters.GetValueOrDefault("error_uri"));
        return parameters["error"];
    }

    public async Task<Answer> PushAsync(FapiRequest request, FapiFault? fault = null)
    {
        fault ??= Nothing;
        Dictionary<string, string> form = new(request.Parameters.Sent);
        if (plan.SignsMessages)
            form = new() { ["request"] = RequestObject(request, fault) };
        return await PostAsync("pushed_authorization_request_endpoint", form, fault, withProof: fault.Proof is not null);
    }

    /// <summary>The base flow's checks of what a pushed request is answered with.</summary>
    public static string RequestUriOf(Answer answer)
    {
        Assert.True(answer.Status == 201, $"{answer.Status}: {answer.Body}");
        Assert.Equal("application/json", answer.MediaType);
        Assert.DoesNotContain("error", answer.Json.Select(member => member.Key));
        Assert.InRange(answer.Json["expires_in"]!.GetValue<long>(), 5, 599);
        var requestUri = answer.Json["request_uri"]!.GetValue<string>();
        Assert.True(Uri.TryCreate(requestUri, UriKind.Absolute, out _));
        Entropy.ShouldBeEnough("request_uri", requestUri);
        return requestUri;
    }

    public Task<Answer> RedeemAsync(FapiRequest request, string code, FapiFault? fault = null) => TokenAsync(
        new() { ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = request.Parameters.RedirectUri, ["code_verifier"] = request.Verifier }, fault);

    public Task<Answer> RefreshAsync(string refreshToken, FapiFault? fault = null, string? scope = null)
    {
        Dictionary<string, string> form = new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refreshToken };
        if (scope is not null)
            form["scope"] = scope;
        return TokenAsync(form, fault);
    }

    public async Task<JsonObject> ClientCredentialsAsync(FapiFault? fault = null) => TokenResponseCheck.Verify(await TryClientCredentialsAsync(fault), mustHaveIdToken: false, tokenType: plan.TokenType);

    public Task<Answer> TryClientCredentialsAsync(FapiFault? fault = null) => TokenAsync(new() { ["grant_type"] = "client_credentials", ["scope"] = "accounts" }, fault);

    /// <summary>What the token endpoint says to a form, with an assertion and a proof.</summary>
    public Task<Answer> TokenAsync(Dictionary<string, string> form, FapiFault? fault = null) =>
        PostAsync("token_endpoint", form, fault ?? Nothing, withProof: fault?.WithoutProof != true);

    /// <summary>The resource of the plan: userinfo.</summary>
    /// <param name="proofs">Instead of one that is right.</param>
    public async Task<Answer> ResourceAsync(string accessToken, string? scheme = null, string? accept = "application/json", string header = "DPoP", params IReadOnlyList<string> proofs)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, EndpointOf("userinfo_endpoint", plan.CertificateBound));
        request.Headers.TryAddWithoutValidation("Authorization", $"{scheme ?? plan.TokenType} {accessToken}");
        request.Headers.TryAddWithoutValidation("x-fapi-interaction-id", Guid.NewGuid().ToString());
        request.Headers.TryAddWithoutValidation("x-fapi-auth-date", DateTimeOffset.UtcNow.ToString("R"));
        request.Headers.TryAddWithoutValidation("x-fapi-customer-ip-address", "198.51.100.119");
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        foreach (var proof in plan.CertificateBound ? [] : proofs)
            request.Headers.TryAddWithoutValidation(header, proof);
        var answer = await SendAsync(request, plan.CertificateBound);
        Dpop.Nonce = answer.Headers.GetValueOrDefault("DPoP-Nonce") ?? Dpop.Nonce;
        return answer;
    }

    /// <summary>A proof for the resource.</summary>
    public string ResourceProof(string accessToken, Action<JsonObject, JsonObject>? change = null) => Dpop.Proof("GET", provider.UserInfoEndpoint, accessToken, change);

    /// <summary>A good call of the resource, with the checks of the base flow.</summary>
    public async Task UseAsync(string accessToken, string? scheme = null, string? accept = "application/json", Action<JsonObject, JsonObject>? proof = null)
    {
        var answer = await ResourceAsync(accessToken, scheme, accept, proofs: ResourceProof(accessToken, proof));
        if (answer.Status == 401 && answer.Headers.GetValueOrDefault("WWW-Authenticate")?.Contains("use_dpop_nonce", StringComparison.Ordinal) == true)
            answer = await ResourceAsync(accessToken, scheme, accept, proofs: ResourceProof(accessToken, proof));
        Assert.True(answer.Status == 200, $"{answer.Status}: {answer.Body} {answer.Headers.GetValueOrDefault("WWW-Authenticate")}");
        Assert.True(DateTimeOffset.TryParseExact(answer.Headers["Date"], "R", null, System.Globalization.DateTimeStyles.None, out var date));
        Assert.InRange(date, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
    }

    /// <summary>The checks of a successful answer with an ID token.</summary>
    public async Task<FapiLogin> CheckAsync(FapiRequest request, Answer answer)
    {
        var json = TokenResponseCheck.Verify(answer, tokenType: plan.TokenType);
        var idToken = await IdTokenCheck.VerifyAsync(provider, client.ForChecks, json["id_token"]!.GetValue<string>(), request.Parameters);
        Assert.Contains(idToken.Header["alg"]!.GetValue<string>(), (string[])["PS256", "ES256"]);
        // RFC 9396 §7.
        Assert.Equal(plan.Rar ? Details : null, json["authorization_details"]?.ToJsonString());
        return new FapiLogin(request, json, idToken);
    }

    private async Task<IReadOnlyDictionary<string, string>> ResponseAsync(Page page)
    {
        Assert.True(page.IsAtClient, $"The browser should be back at the client, and is at {page.Url}: {page.Text}");
        Assert.Equal("", page.Url.Fragment);
        var callback = inbox.Take("callback");
        Assert.Equal("GET", callback.Method);
        var registered = Received.Parse(new Uri(client.RedirectUri).Query);
        Assert.Equal(registered, callback.QueryParameters.Take(registered.Count));
        var parameters = callback.QueryParameters.Skip(registered.Count).ToDictionary();
        if (!plan.SignsMessages)
        {
            Assert.Equal(provider.Issuer, parameters["iss"]);
            return parameters;
        }
        Assert.Equal(["response"], parameters.Keys);
        return await JarmAsync(parameters["response"]);
    }

    /// <summary>JARM §2.4.</summary>
    private async Task<Dictionary<string, string>> JarmAsync(string response)
    {
        var token = CheckedJwt.Read(response);
        await JwtCheck.SignatureAsync(provider, client.ForChecks, token);
        Assert.Contains(token.Header["alg"]!.GetValue<string>(), (string[])["PS256", "ES256"]);
        JwtCheck.Times(token.Claims, "exp");
        Assert.InRange(token.Claims["exp"]!.GetValue<long>() - DateTimeOffset.UtcNow.ToUnixTimeSeconds(), 10, 600);
        return token.Claims.ToDictionary(claim => claim.Key, claim => claim.Value!.ToString());
    }

    private string RequestObject(FapiRequest request, FapiFault fault)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = new JsonObject { ["aud"] = provider.Issuer, ["iss"] = client.Id, ["nbf"] = now, ["exp"] = now + 300 };
        var header = new JsonObject { ["kid"] = client.Key.Kid };
        // The second client adds these, in letters of any case.
        if (client.RedirectUri.Contains('?', StringComparison.Ordinal))
            (claims["iat"], header["typ"]) = (now, "oAuth-AUTHZ-req+jwt");
        foreach (var (name, value) in request.Parameters.Sent)
            claims[name] = value;
        fault.RequestObject?.Invoke(claims);
        fault.RequestObjectHeader?.Invoke(header);
        return (fault.RequestObjectKey ?? client.Key).Sign(claims, header);
    }

    private async Task<Answer> PostAsync(string endpoint, Dictionary<string, string> form, FapiFault fault, bool withProof)
    {
        var answer = await SendAsync(endpoint, form, fault, withProof);
        if (answer.Status != 400 || !answer.Body.Contains("use_dpop_nonce", StringComparison.Ordinal))
            return answer;
        Assert.Matches(@"^[\x21\x23-\x5B\x5D-\x7E]+\z", Dpop.Nonce!);
        return await SendAsync(endpoint, form, fault, withProof);
    }

    private async Task<Answer> SendAsync(string endpoint, Dictionary<string, string> form, FapiFault fault, bool withProof)
    {
        var withCertificate = (plan.CertificateAuth || (plan.CertificateBound && endpoint == "token_endpoint")) && !(plan.CertificateBound && fault.WithoutProof);
        var url = EndpointOf(endpoint, withCertificate);
        var request = new HttpRequestMessage(HttpMethod.Post, url);
        var whole = new Dictionary<string, string>(form);
        if (plan.CertificateAuth)
            whole["client_id"] = client.Id;
        else
            (whole["client_assertion_type"], whole["client_assertion"]) = ("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", Assertion(fault));
        fault.Form?.Invoke(whole);
        if (withProof && !plan.CertificateBound)
            request.Headers.TryAddWithoutValidation("DPoP", Dpop.Proof("POST", url, change: fault.Proof));
        request.Content = new FormUrlEncodedContent(whole);
        request.Headers.Accept.ParseAdd("application/json");
        var answer = await SendAsync(request, withCertificate);
        Dpop.Nonce = answer.Headers.GetValueOrDefault("DPoP-Nonce") ?? Dpop.Nonce;
        return answer;
    }

    /// <summary>RFC 8705 §5: where a client with a certificate finds the endpoint.</summary>
    private string EndpointOf(string name, bool withCertificate) => withCertificate ? provider.Metadata["mtls_endpoint_aliases"]![name]!.GetValue<string>() : provider.Text(name);

    private Task<Answer> SendAsync(HttpRequestMessage request, bool withCertificate) =>
        withCertificate ? SuiteHttp.SendAsync(request, client.Certificate!) : SuiteHttp.SendAsync(request);

    private string Assertion(FapiFault fault)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = new JsonObject { ["iss"] = client.Id, ["sub"] = client.Id, ["aud"] = provider.Issuer, ["jti"] = RandomText.Of(20), ["iat"] = now, ["nbf"] = now, ["exp"] = now + 60 };
        fault.Assertion?.Invoke(claims);
        return client.Key.Sign(claims, fault.AssertionHeader);
    }
}
