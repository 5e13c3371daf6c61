namespace FunctionsAuth.Protocol.Tests.Import;

public sealed class ClientRequestRulesTests
{
    private const string Redirect = "\"redirect_uris\": [\"https://app.test/cb\"]";
    private const string Hosts = "\"redirect_uris\": [\"https://app.test/cb\", \"https://other.test/cb\"]";
    private const string Both = "\"grant_types\": [\"authorization_code\", \"implicit\"]";

    [Theory]
    [InlineData("\"response_types\": [\"code\", \"magic\"]", "response_types[1]", "must be one of code, id_token, *")]
    [InlineData("\"response_types\": [\"code code\"]", "response_types[0]", "must be one of code, id_token, *")]
    [InlineData("\"response_types\": [\"token id_token\"]", "response_types[0]", "returns tokens through the browser, so grant_types must include implicit")]
    [InlineData("\"grant_types\": [\"implicit\"], \"response_types\": [\"code token\"]", "response_types[0]", "includes code, so grant_types must include authorization_code")]
    [InlineData(Both, "response_types", "must include one that returns tokens through the browser, because grant_types has implicit")]
    [InlineData("\"request_object_signing_alg\": \"none\"", "request_object_signing_alg", "must be one of RS256, PS256, ES256")]
    [InlineData("\"request_object_signing_alg\": \"ES256\"", "jwks", "or jwks_uri is required, because the client signs its requests")]
    [InlineData("\"require_signed_request_object\": true", "jwks", "or jwks_uri is required, because the client signs its requests")]
    [InlineData("\"request_uris\": [\"http://app.test/r\"]", "request_uris[0]", "must be an absolute https URL without a user")]
    [InlineData("\"subject_type\": \"magic\"", "subject_type", "must be one of public, pairwise")]
    [InlineData("\"sector_identifier_uri\": \"http://app.test/s\"", "sector_identifier_uri", "must be an absolute https URL without a user")]
    [InlineData("\"application_type\": \"magic\"", "application_type", "must be one of web, native")]
    [InlineData("\"default_acr_values\": [\"a b\"]", "default_acr_values[0]", "must be one value without spaces")]
    [InlineData("\"initiate_login_uri\": \"http://app.test/login\"", "initiate_login_uri", "must be an absolute https URL without a user")]
    [InlineData("\"userinfo_signed_response_alg\": \"none\"", "userinfo_signed_response_alg", "must be one of RS256, PS256, ES256")]
    [InlineData("\"introspection_signed_response_alg\": \"none\"", "introspection_signed_response_alg", "must be one of RS256, PS256, ES256")]
    [InlineData("\"authorization_signed_response_alg\": \"none\"", "authorization_signed_response_alg", "must be one of RS256, PS256, ES256")]
    [InlineData("\"assertion_audience\": \"token\"", "assertion_audience", "must be issuer, or be left out")]
    [InlineData("\"profile\": \"fapi1\"", "profile", "must be one of fapi2_security, fapi2_message_signing")]
    [InlineData("\"access_token_format\": \"magic\"", "access_token_format", "must be one of jwt, reference")]
    [InlineData("\"id_token_lifetime\": 0", "id_token_lifetime", "must be 1 to 86400 seconds")]
    [InlineData("\"backchannel_logout_uri\": \"https://app.test/out#f\"", "backchannel_logout_uri", "must be an absolute https URL without user and fragment")]
    [InlineData("\"backchannel_logout_session_required\": true", "backchannel_logout_session_required", "must be left out without backchannel_logout_uri")]
    [InlineData("\"frontchannel_logout_uri\": \"http://app.test/out\"", "frontchannel_logout_uri", "must be an absolute https URL without user and fragment")]
    [InlineData("\"frontchannel_logout_uri\": \"https://evil.test/out\"", "frontchannel_logout_uri", "must have the scheme, host and port of one of the redirect_uris")]
    [InlineData("\"frontchannel_logout_session_required\": true", "frontchannel_logout_session_required", "must be left out without frontchannel_logout_uri")]
    public void A_client_with_a_wrong_member_is_refused(string member, string path, string problem) => ClientRulesTests.Expect(Files.Confidential($"{Redirect}, {member}"), path, problem);

    [Fact]
    public void A_pairwise_client_of_several_hosts_needs_a_sector() =>
        ClientRulesTests.Expect(Files.Confidential($"{Hosts}, \"subject_type\": \"pairwise\""), "sector_identifier_uri", "is required with subject_type pairwise*");

    [Theory]
    [InlineData(Hosts + ", \"subject_type\": \"pairwise\", \"sector_identifier_uri\": \"https://app.test/sector.json\"")]
    [InlineData(Redirect + ", \"subject_type\": \"pairwise\"")]
    [InlineData(Redirect + ", \"response_types\": [\"code\", \"token id_token code\"], " + Both)]
    [InlineData(Redirect + ", \"response_types\": [\"id_token\"], \"grant_types\": [\"implicit\"]")]
    [InlineData("\"grant_types\": [\"password\", \"refresh_token\"], \"first_party\": true")]
    [InlineData(Redirect + ", \"frontchannel_logout_uri\": \"https://app.test/out?x=y\", \"backchannel_logout_uri\": \"http://localhost:3000/out\"")]
    public void A_client_with_good_members_is_taken(string members) => Assert.Empty(Files.ProblemsOf(Files.Confidential(members)));
}
