namespace FunctionsAuth.Protocol.Tests.Import;

/// <summary>Clients that sign: their keys, and the algorithm of their assertions.</summary>
public sealed class ClientKeyRulesTests
{
    private const string Ec = """{ "kty": "EC", "crv": "P-256", "x": "G4y9y0dKz_DTZ9oOmoog1fX2dRL-cGwxdZXZS2ll5tU", "y": "SHH30ENZMDGHa8TEgyCVp_kVr0cT-MdCZG09E8d9BdQ" }""";
    private const string Keys = $$"""  "jwks": { "keys": [{{Ec}}] } """;
    private const string Uri = """ "jwks_uri": "https://a.test/jwks" """;

    [Theory]
    [InlineData(Keys)]
    [InlineData(Uri)]
    [InlineData(Keys + """, "token_endpoint_auth_signing_alg": "PS256" """)]
    public void A_client_with_keys_is_accepted(string members) => Files.Parse(Client(members));

    [Theory]
    [InlineData(Keys + "," + Uri, "jwks_uri", "can't be used together with jwks")]
    [InlineData("\"jwks_uri\": \"http://a.test/jwks\"", "jwks_uri", "must be an absolute https URL without user and fragment")]
    [InlineData("\"jwks_uri\": \"https://me@a.test/jwks\"", "jwks_uri", "must be an absolute https URL without user and fragment")]
    [InlineData("\"jwks_uri\": \"https://a.test/jwks#f\"", "jwks_uri", "must be an absolute https URL without user and fragment")]
    [InlineData("\"jwks_uri\": \"/jwks\"", "jwks_uri", "must be an absolute https URL without user and fragment")]
    [InlineData("\"jwks\": {}", "jwks", "must be a JWK set with at least one key")]
    [InlineData("\"jwks\": { \"keys\": [] }", "jwks", "must be a JWK set with at least one key")]
    [InlineData("\"jwks\": { \"keys\": [1] }", "jwks", "must be a JWK set with at least one key")]
    [InlineData("\"jwks\": { \"keys\": [{ \"kty\": \"oct\", \"k\": \"AAAA\" }] }", "jwks", "must have public keys only")]
    [InlineData("\"jwks\": { \"keys\": [{ \"kty\": \"EC\", \"crv\": \"P-256\", \"x\": \"A\", \"y\": \"A\", \"d\": \"A\" }] }", "jwks", "must have public keys only")]
    [InlineData("\"jwks\": { \"keys\": [{ \"kty\": \"OKP\", \"crv\": \"Ed25519\", \"x\": \"AAAA\" }] }", "jwks", "must have an RSA or EC key for signatures")]
    [InlineData("\"client_name\": \"a\"", "jwks", "or jwks_uri is required with private_key_jwt")]
    [InlineData(Keys + ", \"client_secret\": \"" + Files.Secret + "\"", "client_secret", "must be left out, because the client signs with its private key")]
    [InlineData(Keys + ", \"token_endpoint_auth_signing_alg\": \"HS256\"", "token_endpoint_auth_signing_alg", "must be one of RS256, PS256, ES256")]
    [InlineData(Keys + ", \"token_endpoint_auth_signing_alg\": \"none\"", "token_endpoint_auth_signing_alg", "must be one of RS256, PS256, ES256")]
    public void A_client_with_wrong_keys_is_refused(string members, string path, string problem) => ClientRulesTests.Expect(Client(members), path, problem);

    [Fact]
    public void A_client_that_signs_nothing_has_no_algorithm() =>
        ClientRulesTests.Expect(
            Files.Confidential("\"redirect_uris\": [\"https://a.test/cb\"], \"token_endpoint_auth_signing_alg\": \"RS256\""),
            "token_endpoint_auth_signing_alg",
            "must be left out, because the client does not authenticate with a signed JWT");

    [Fact]
    public void A_client_that_signs_with_its_secret_has_the_secret_itself()
    {
        const string start = """{ "clients": [{ "client_id": "c", "token_endpoint_auth_method": "client_secret_jwt", "grant_types": ["client_credentials"], "scope": "", """;
        var stored = Assert.Single(Assert.Single(Files.Parse($$"""{{start}} "client_secret": "{{Files.Secret}}" }] }""").Clients).ClientSecrets);
        Assert.Equal(Files.Secret, stored.Text);
        Assert.DoesNotContain(Files.Secret, stored.ToString(), StringComparison.Ordinal);
        ClientRulesTests.Expect(
            $$"""{{start}} "client_secrets": [{ "sha256": "{{new string('A', 43)}}" }] }] }""",
            "client_secrets",
            "must be the secret itself with client_secret_jwt*");
    }

    [Fact]
    public void The_secret_of_any_other_client_is_stored_as_its_hash() =>
        Assert.Null(Assert.Single(Assert.Single(Files.Parse(Files.Confidential("\"redirect_uris\": [\"https://a.test/cb\"]")).Clients).ClientSecrets).Text);

    private static string Client(string members) =>
        $$"""{ "clients": [{ "client_id": "c", "token_endpoint_auth_method": "private_key_jwt", "grant_types": ["client_credentials"], "scope": "", {{members}} }] }""";
}
