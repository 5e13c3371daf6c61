using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Profiles;

namespace FunctionsAuth.Protocol.Tests.Import;

/// <summary>What an import says of clients that can't meet their profile, each by its clause.</summary>
public sealed class ProfileRulesTests
{
    private const string Keys = """
        "jwks": { "keys": [{ "kty": "EC", "crv": "P-256", "x": "G4y9y0dKz_DTZ9oOmoog1fX2dRL-cGwxdZXZS2ll5tU", "y": "SHH30ENZMDGHa8TEgyCVp_kVr0cT-MdCZG09E8d9BdQ" }] }
        """;

    private const string Redirect = "\"redirect_uris\": [\"https://app.test/cb\"]";

    [Theory]
    [InlineData("\"token_endpoint_auth_signing_alg\": \"RS256\"", "token_endpoint_auth_signing_alg", "must be PS256 or ES256 (FAPI 2.0 Security Profile 5.4.1-1)")]
    [InlineData("\"request_object_signing_alg\": \"RS256\"", "request_object_signing_alg", "must be PS256 or ES256 (FAPI 2.0 Security Profile 5.4.1-1)")]
    [InlineData("\"userinfo_signed_response_alg\": \"RS256\"", "userinfo_signed_response_alg", "must be PS256 or ES256 (FAPI 2.0 Security Profile 5.4.1-1)")]
    [InlineData("\"authorization_signed_response_alg\": \"RS256\"", "authorization_signed_response_alg", "must be PS256 or ES256 (FAPI 2.0 Security Profile 5.4.1-1)")]
    [InlineData("\"introspection_signed_response_alg\": \"RS256\"", "introspection_signed_response_alg", "must be PS256 or ES256 (FAPI 2.0 Security Profile 5.4.1-1)")]
    [InlineData("\"grant_types\": [\"authorization_code\", \"password\"], \"first_party\": true", "grant_types", "must not have password (FAPI 2.0 Security Profile 5.3.2.1-2)")]
    public void A_client_that_contradicts_its_profile_is_refused(string member, string path, string problem) =>
        ClientRulesTests.Expect(Client($"{Redirect}, {member}"), path, problem);

    [Fact]
    public void Http_is_for_native_apps()
    {
        const string redirect = "\"redirect_uris\": [\"http://localhost/cb\"]";
        ClientRulesTests.Expect(Client(redirect), "redirect_uris[0]", "must be https; http on a loopback address is for application_type native (FAPI 2.0 Security Profile 5.3.2.2-8)");
        Assert.Empty(Files.ProblemsOf(Client($"{redirect}, \"application_type\": \"native\"")));
    }

    [Fact]
    public void The_client_must_have_a_key()
    {
        ClientRulesTests.Expect(Files.Confidential($"{Redirect}, \"profile\": \"fapi2_security\""), "token_endpoint_auth_method", "must be private_key_jwt or tls_client_auth or self_signed_tls_client_auth (FAPI 2.0 Security Profile 5.3.2.1-6)");
        ClientRulesTests.Expect(Files.Public($"{Redirect}, \"profile\": \"fapi2_security\""), "token_endpoint_auth_method", "must not be none (FAPI 2.0 Security Profile 5.3.2.1-3)");
    }

    [Theory]
    [InlineData(Redirect)]
    [InlineData(Redirect + ", \"id_token_signed_response_alg\": \"ES256\", \"grant_types\": [\"authorization_code\", \"refresh_token\"]")]
    [InlineData("\"grant_types\": [\"client_credentials\"]")]
    public void A_good_client_is_taken_with_either_profile(string members)
    {
        Assert.Empty(Files.ProblemsOf(Client(members)));
        Assert.Empty(Files.ProblemsOf(Client(members, "fapi2_message_signing")));
    }

    /// <summary>What a profile sees to is switched on, whatever the record says; what a client must see to itself is not touched.</summary>
    [Fact]
    public void A_profile_switches_on_what_it_demands()
    {
        var options = new ServerOptions { Issuer = new Uri("https://login.example"), TokenAlgorithms = "RS256 ES256" };
        var plain = new Client { ClientId = "app", RequirePkce = false };
        Assert.Same(plain, ClientProfile.Apply(plain, options));
        var held = ClientProfile.Apply(plain, options with { Profile = "fapi2_security" });
        Assert.True(held is { RequirePkce: true, RequirePushedAuthorizationRequests: true, DpopBoundAccessTokens: true, RefreshTokenReuse: true, RequireSignedRequestObject: false });
        Assert.Equal(("issuer", "ES256", null), (held.AssertionAudience, held.IdTokenSignedResponseAlg, held.AuthorizationSignedResponseAlg));
        var signs = ClientProfile.Apply(plain with { Profile = "fapi2_message_signing" }, options with { Profile = "fapi2_security" });
        Assert.True(signs.RequireSignedRequestObject && signs.SignsMessages);
        Assert.Equal("ES256", signs.AuthorizationSignedResponseAlg);
    }

    /// <summary>Clauses are looked up by operators: none may stand there twice, and what a registration must do can fail.</summary>
    [Fact]
    public void Each_clause_stands_there_once_and_can_be_broken_where_the_registration_keeps_it()
    {
        var clauses = FapiClauses.Of("fapi2_message_signing").ToList();
        Assert.Equal(clauses.Count, clauses.DistinctBy(clause => (clause.Document, clause.Number)).Count());
        Client[] bad =
        [
            new() { ClientId = "a", TokenEndpointAuthMethod = "none", GrantTypes = ["password", "implicit"], ResponseTypes = ["token"], RedirectUris = ["http://localhost/"], UserinfoSignedResponseAlg = "RS256" },
            new() { ClientId = "b" },
        ];
        foreach (var clause in clauses)
            Assert.Equal(clause.Keeper == FapiKeeper.Registration, bad.SelectMany(clause.ProblemsOf).Any());
    }

    private static string Client(string members, string profile = "fapi2_security") => $$"""
        { "clients": [{ "client_id": "app", "token_endpoint_auth_method": "private_key_jwt", {{Keys}}, "profile": "{{profile}}", {{members}} }] }
        """;
}
