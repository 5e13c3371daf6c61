using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Wire;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.BackChannel;

/// <summary>RFC 6749 §2.3 and §5.2, at every endpoint that authenticates clients.</summary>
public sealed class ClientAuthenticationTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Challenge = "Basic realm=\"token\", charset=\"UTF-8\"";
    private const string Grant = "grant_type=client_credentials";

    private const string EitherSecret = "either-secret-0123456789-0123456789-abc";

    public static TheoryData<string> Endpoints => ["token", "introspect", "revoke"];

    [Fact]
    public async Task The_registered_method_is_accepted()
    {
        (await TokenAsync(Grant, Basic("service"))).ShouldBeOk();
        (await TokenAsync(Grant, Basic("service").Replace("Basic", "bASIC", StringComparison.Ordinal))).ShouldBeOk();
        (await TokenAsync($"{Grant}&client_id=service", Basic("service"))).ShouldBeOk();
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task A_secret_is_taken_from_the_header_or_the_body_whichever_of_the_two_is_registered(string endpoint)
    {
        await shared.Server.RegisterAsync(Client("header-client", Secret(EitherSecret)) with { TokenEndpointAuthMethod = AuthMethods.ClientSecretBasic });
        await shared.Server.RegisterAsync(Client("body-client", Secret(EitherSecret)) with { TokenEndpointAuthMethod = AuthMethods.ClientSecretPost });
        foreach (var id in (string[])["header-client", "body-client"])
        {
            (await shared.Server.PostAsync(endpoint, $"{Grant}&token=x", Basic(id, EitherSecret))).ShouldBeOk();
            (await shared.Server.PostAsync(endpoint, $"{Grant}&token=x&client_id={id}", Basic(id, EitherSecret))).ShouldBeOk();
            (await shared.Server.PostAsync(endpoint, $"{Grant}&token=x&client_id={id}&client_secret={EitherSecret}")).ShouldBeOk();
            (await shared.Server.PostAsync(endpoint, $"{Grant}&token=x&client_id={id}&client_secret={EitherSecret}", Basic(id, EitherSecret))).ShouldFail("invalid_request");
        }
    }

    [Theory]
    [InlineData(AuthMethods.ClientSecretJwt)]
    [InlineData(AuthMethods.PrivateKeyJwt)]
    [InlineData(AuthMethods.None)]
    public async Task A_client_that_is_registered_for_another_method_may_not_send_its_secret(string method)
    {
        var id = $"only-{method}";
        await shared.Server.RegisterAsync(Client(id, Secret(EitherSecret) with { Text = EitherSecret }) with { TokenEndpointAuthMethod = method });
        (await TokenAsync(Grant, Basic(id, EitherSecret))).ShouldFail("invalid_client", 401);
        (await shared.Server.PostAsync("token", $"{Grant}&client_id={id}&client_secret={EitherSecret}")).ShouldFail("invalid_client", 401);
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task A_failure_with_the_header_gets_a_challenge(string endpoint)
    {
        foreach (var authorization in (string[])
        [
            Basic("service", "wrong-secret-0123456789-0123456789-abc"), Basic("nobody"), Basic("disabled"), Basic("spa", ""), Basic("post", "wrong"),
            Basic("service", ""), Basic("service", SecretOf("service") + "x"), Basic("service", SecretOf("service").ToUpperInvariant()), Basic("", ""),
            "Basic", "Basic ", "Basic !!!!", "Basic c2VydmljZQ==", "Basic c2VydmljZQ", "Bearer abc", "Digest username=service", "garbage",
        ])
        {
            var answer = await shared.Server.PostAsync(endpoint, $"{Grant}&token=x", authorization);
            answer.ShouldFail("invalid_client", 401);
            Assert.Equal(Challenge, answer.ChallengeOf());
        }
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task A_failure_without_the_header_gets_no_challenge(string endpoint)
    {
        foreach (var fields in (string[])
        [
            "", "client_id=nobody", "client_id=service", "client_id=service&client_secret=wrong", "client_id=post",
            "client_id=post&client_secret=wrong", $"client_id=spa&client_secret={SecretOf("spa")}", "client_id=disabled",
            $"client_secret={SecretOf("post")}", "client_id=%2F..%2Fservice",
        ])
        {
            var answer = await shared.Server.PostAsync(endpoint, $"{Grant}&token=x&{fields}");
            answer.ShouldFail("invalid_client", 401);
            Assert.Null(answer.ChallengeOf());
        }
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Two_methods_at_once_are_an_invalid_request(string endpoint)
    {
        var body = $"{Grant}&token=x&client_secret={SecretOf("service")}";
        (await shared.Server.PostAsync(endpoint, body, Basic("service"))).ShouldFail("invalid_request");
        (await shared.Server.PostAsync(endpoint, $"{body}&client_id=service", Basic("service"))).ShouldFail("invalid_request");
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task A_client_id_that_is_not_the_headers_is_an_invalid_request(string endpoint) =>
        (await shared.Server.PostAsync(endpoint, $"{Grant}&token=x&client_id=web", Basic("service"))).ShouldFail("invalid_request");

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task A_client_assertion_that_is_none_is_refused_even_beside_a_right_secret(string endpoint)
    {
        const string assertion = "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion=e30.e30.e30";
        (await shared.Server.PostAsync(endpoint, $"{Grant}&token=x&{assertion}")).ShouldFail("invalid_client", 401);
        (await shared.Server.PostAsync(endpoint, $"{Grant}&token=x&{assertion}", Basic("service"))).ShouldFail("invalid_request");
    }

    [Fact]
    public async Task An_unknown_client_and_a_wrong_secret_have_the_same_answer()
    {
        var unknown = await TokenAsync(Grant, Basic("nobody"));
        var wrong = await TokenAsync(Grant, Basic("service", "wrong"));
        var disabled = await TokenAsync(Grant, Basic("disabled"));
        Assert.Equal(unknown.Json.GetRawText(), wrong.Json.GetRawText());
        Assert.Equal(unknown.Json.GetRawText(), disabled.Json.GetRawText());
    }

    [Fact]
    public async Task Id_and_secret_are_form_encoded_inside_the_header()
    {
        const string secret = "a:b%c d+e&é=0123456789-0123456789-0123456789";
        await shared.Server.RegisterAsync(Client("odd.client~1", Secret(secret)));
        var encoded = Uri.EscapeDataString(secret);
        (await TokenAsync(Grant, Basic("odd.client~1", encoded))).ShouldBeOk();
        (await TokenAsync(Grant, Basic("odd.client~1", encoded.Replace("%20", "+", StringComparison.Ordinal)))).ShouldBeOk();
        (await TokenAsync(Grant, Basic("odd%2Eclient%7E1", encoded))).ShouldBeOk();
        // Many clients leave out that step.
        (await TokenAsync(Grant, Basic("odd.client~1", secret))).ShouldBeOk();
        (await TokenAsync(Grant, Basic("odd.client~1", secret.ToUpperInvariant()))).ShouldFail("invalid_client", 401);
    }

    [Fact]
    public async Task A_secret_is_good_until_it_expires_and_several_are_good_at_once()
    {
        const string old = "old-secret-0123456789-0123456789-0123456789";
        const string next = "next-secret-0123456789-0123456789-0123456789";
        var end = shared.Server.Clock.GetUtcNow() + TimeSpan.FromHours(1);
        await shared.Server.RegisterAsync(Client("two-secrets", Secret(old) with { ExpiresAt = end }, Secret(next)));
        (await TokenAsync(Grant, Basic("two-secrets", old))).ShouldBeOk();
        (await TokenAsync(Grant, Basic("two-secrets", next))).ShouldBeOk();
        shared.Server.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));
        (await TokenAsync(Grant, Basic("two-secrets", old))).ShouldBeOk();
        shared.Server.Clock.Advance(TimeSpan.FromSeconds(1));
        (await TokenAsync(Grant, Basic("two-secrets", old))).ShouldFail("invalid_client", 401);
        (await TokenAsync(Grant, Basic("two-secrets", next))).ShouldBeOk();
    }

    [Fact]
    public async Task A_client_without_any_secret_has_no_secret_that_is_right()
    {
        await shared.Server.RegisterAsync(Client("secretless"));
        (await TokenAsync(Grant, Basic("secretless", ""))).ShouldFail("invalid_client", 401);
        (await TokenAsync(Grant, Basic("secretless", "anything"))).ShouldFail("invalid_client", 401);
    }

    private static Client Client(string id, params ClientSecret[] secrets) => new()
    {
        ClientId = id,
        ClientSecrets = secrets,
        GrantTypes = [GrantTypeNames.ClientCredentials],
        Scope = "api.read",
    };

    private static ClientSecret Secret(string text) => new(ServerRecords.HashOf(text));

    private Task<JsonAnswer> TokenAsync(string body, string authorization) => shared.Server.PostAsync("token", body, authorization);

    private static string SecretOf(string clientId) => RawRequests.SecretOf(clientId);

    private static string Basic(string clientId, string? secret = null) => RawRequests.Basic(clientId, secret ?? SecretOf(clientId));
}
