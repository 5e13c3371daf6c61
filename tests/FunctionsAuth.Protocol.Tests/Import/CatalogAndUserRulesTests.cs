namespace FunctionsAuth.Protocol.Tests.Import;

public sealed class CatalogAndUserRulesTests
{
    private const string BadUsername = "must be 1 to 256 characters, without white space around it";
    private const string UnseenUsername = "must have no invisible characters and no characters that are not in Unicode";
    private const string BadSubject = "must be 1 to 100 letters, digits, hyphens or underscores and not begin with decoy-";
    private const string BadIdentifier = "must be an absolute URI without fragment, in ASCII and at most 300 characters long";
    private const string Protocol = "is a claim of the protocol, which the server sets itself";
    private const string NotText = "must be a string that is not empty";

    [Theory]
    [InlineData("\"name\": \"openid\"", "name", "is a scope of OpenID Connect, which is built in")]
    [InlineData("\"name\": \"a b\"", "name", "must be 1 to 200 visible ASCII characters without quote and backslash")]
    [InlineData("\"name\": \"\"", "name", "must be 1 to 200 visible ASCII characters without quote and backslash")]
    [InlineData("\"name\": \"a\\n\"", "name", "must be 1 to 200 visible ASCII characters without quote and backslash")]
    [InlineData("\"name\": \"a\", \"claims\": [\"role\", \"sub\"]", "claims[1]", Protocol)]
    [InlineData("\"name\": \"a\", \"claims\": [\"\"]", "claims[0]", "must have a name")]
    public void A_wrong_scope_is_refused(string members, string path, string problem) =>
        Expect($$"""{ "scopes": [{ {{members}} }] }""", "scopes[0]." + path, problem);

    [Theory]
    [InlineData("\"identifier\": \"api\"", "identifier", BadIdentifier)]
    [InlineData("\"identifier\": \"/api\"", "identifier", BadIdentifier)]
    [InlineData("\"identifier\": \"https://api.test/#a\"", "identifier", BadIdentifier)]
    [InlineData("\"identifier\": \"https://api.test/a b\"", "identifier", BadIdentifier)]
    [InlineData("\"identifier\": \"urn:api\", \"scopes\": [\"email\", \"nope\"]", "scopes[1]", "is an unknown scope")]
    [InlineData("\"identifier\": \"urn:api\", \"access_token_signing_alg\": \"HS256\"", "access_token_signing_alg", "must be one of RS256, PS256, ES256")]
    [InlineData("\"identifier\": \"urn:api\", \"access_token_lifetime\": 0", "access_token_lifetime", "must be 1 to 86400 seconds")]
    [InlineData("\"identifier\": \"urn:api\", \"introspected_by\": [\"a b\"]", "introspected_by[0]", "must be a client_id")]
    public void A_wrong_resource_is_refused(string members, string path, string problem) =>
        Expect($$"""{ "resources": [{ {{members}} }] }""", "resources[0]." + path, problem);

    [Theory]
    [InlineData("", BadUsername)]
    [InlineData(" alice", BadUsername)]
    [InlineData("al\\u0000ice", UnseenUsername)]
    [InlineData("al\\u200bice", UnseenUsername)]
    [InlineData("al\\u202eice", UnseenUsername)]
    [InlineData("al\\u0378ice", UnseenUsername)]
    public void A_wrong_username_is_refused(string username, string problem) =>
        Expect($$"""{ "users": [{ "username": "{{username}}" }] }""", "users[0].username", problem);

    [Theory]
    [InlineData("\"password\": \"11 letters.\"", "password", "must have at least 12 characters")]
    [InlineData("\"password\": \"long enough password\", \"password_hash\": \"AA==\"", "password", "can't be used together with password_hash")]
    [InlineData("\"subject\": \"\"", "subject", BadSubject)]
    [InlineData("\"subject\": \"a.b\"", "subject", BadSubject)]
    [InlineData("\"subject\": \"a\\n\"", "subject", BadSubject)]
    [InlineData("\"subject\": \"decoy-7\"", "subject", BadSubject)]
    public void A_wrong_user_is_refused(string member, string path, string problem) => Expect(Files.User(member), "users[0]." + path, problem);

    [Theory]
    [InlineData("\"name\": \"\"", "name", NotText)]
    [InlineData("\"locale\": 5", "locale", NotText)]
    [InlineData("\"nickname\": null", "nickname", "must not be null; leave it out instead")]
    [InlineData("\"email\": \"alice\"", "email", "must be an email address")]
    [InlineData("\"email_verified\": \"true\"", "email_verified", "must be true or false")]
    [InlineData("\"phone_number_verified\": 1", "phone_number_verified", "must be true or false")]
    [InlineData("\"updated_at\": \"2020\"", "updated_at", "must be a number: seconds since 1970")]
    [InlineData("\"birthdate\": \"1987-02-30\"", "birthdate", "must be YYYY-MM-DD or YYYY")]
    [InlineData("\"birthdate\": \"16.10.1987\"", "birthdate", "must be YYYY-MM-DD or YYYY")]
    [InlineData("\"birthdate\": 1987", "birthdate", "must be YYYY-MM-DD or YYYY")]
    [InlineData("\"picture\": \"/me.png\"", "picture", "must be an absolute http or https URL")]
    [InlineData("\"website\": \"javascript:alert(1)\"", "website", "must be an absolute http or https URL")]
    [InlineData("\"address\": \"1 Main Street\"", "address", "must be an object")]
    [InlineData("\"address\": { \"country\": 1 }", "address.country", NotText)]
    [InlineData("\"sub\": \"a\"", "sub", Protocol)]
    [InlineData("\"iss\": \"a\"", "iss", Protocol)]
    [InlineData("\"aud\": \"a\"", "aud", Protocol)]
    [InlineData("\"\": \"a\"", "", "must have a name")]
    public void A_wrong_claim_is_refused(string claim, string path, string problem) => Expect(Files.Claims(claim), "users[0].claims." + path, problem);

    [Theory]
    [InlineData("\"birthdate\": \"0000-02-29\"")]
    [InlineData("\"birthdate\": \"1987\"")]
    [InlineData("\"birthdate\": \"1987-10-16\"")]
    [InlineData("\"updated_at\": 1767225600")]
    [InlineData("\"https://example.com/role\": [\"admin\", { \"of\": 5 }]")]
    public void Claims_of_the_right_form_are_taken(string claim) => Assert.Empty(Files.ProblemsOf(Files.Claims(claim)));

    [Theory]
    [InlineData("{ \"username\": \"Bob@B.test\" }, { \"username\": \"bob@b.test\" }", "users[1].username")]
    [InlineData("{ \"username\": \"a\", \"subject\": \"1\" }, { \"username\": \"b\", \"subject\": \"1\" }", "users[1].subject")]
    [InlineData("{ \"username\": \"bob@b.test\" }, { \"username\": \"b\", \"claims\": { \"email\": \"bob@b.test\", \"email_verified\": true } }", "users[1].claims.email")]
    public void Two_users_can_not_share_a_login_name_or_a_subject(string users, string path) => Expect($$"""{ "users": [{{users}}] }""", path, "occurs twice");

    [Fact]
    public void An_email_address_that_is_not_verified_is_no_login_name() =>
        Assert.Empty(Files.ProblemsOf("""{ "users": [{ "username": "b@b.test" }, { "username": "c", "claims": { "email": "b@b.test" } }] }"""));

    [Fact]
    public void A_user_may_have_the_own_email_address_as_username() =>
        Assert.Empty(Files.ProblemsOf("""{ "users": [{ "username": "B@b.test", "claims": { "email": "b@b.test", "email_verified": true } }] }"""));

    private static void Expect(string json, string path, string problem) =>
        Assert.Contains((path, problem), Files.ProblemsOf(json).Select(p => (p.Path, p.Problem)));
}
