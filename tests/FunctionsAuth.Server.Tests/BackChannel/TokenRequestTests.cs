using System.Net;
using System.Text;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.BackChannel;

/// <summary>The form of a request, before anything in it counts.</summary>
public sealed class TokenRequestTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Grant = "grant_type=client_credentials";

    private static readonly string Service = RawRequests.Basic("service", RawRequests.SecretOf("service"));

    [Theory]
    [InlineData("", "invalid_request")]
    [InlineData("grant_type=", "invalid_request")]
    [InlineData("grant_type=password&username=alice&password=x", "unsupported_grant_type")]
    [InlineData("grant_type=implicit", "unsupported_grant_type")]
    [InlineData("grant_type=CLIENT_CREDENTIALS", "unsupported_grant_type")]
    [InlineData("grant_type=client_credentials%20", "unsupported_grant_type")]
    [InlineData("grant_type=authorization_code&code=x", "unauthorized_client")]
    [InlineData("grant_type=refresh_token&refresh_token=x", "unauthorized_client")]
    public async Task The_grant_type_must_be_known_and_registered(string body, string error) =>
        (await shared.Server.PostAsync("token", body, Service)).ShouldFail(error);

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/x-www-form-urlencoded-not")]
    [InlineData(null)]
    public async Task A_body_that_is_not_form_encoded_is_415(string? contentType)
    {
        foreach (var endpoint in (string[])["token", "introspect", "revoke"])
            (await shared.Server.PostAsync(endpoint, Grant, Service, contentType)).ShouldFail("invalid_request", 415);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded; charset=utf-8")]
    [InlineData("Application/X-WWW-Form-Urlencoded")]
    public async Task A_media_type_may_have_parameters_and_any_case(string contentType) =>
        (await shared.Server.PostAsync("token", Grant, Service, contentType)).ShouldBeOk();

    [Fact]
    public async Task A_megabyte_is_413_whether_its_length_is_told_or_not()
    {
        var body = Grant + "&padding=" + new string('x', 1 << 20);
        foreach (var endpoint in (string[])["token", "introspect", "revoke"])
        {
            (await shared.Server.PostAsync(endpoint, body, Service)).ShouldFail("invalid_request", 413);
            using var chunked = new StreamContent(new Unseekable(Encoding.ASCII.GetBytes(body)));
            (await shared.Server.PostAsync(endpoint, chunked, Service)).ShouldFail("invalid_request", 413);
        }
    }

    [Fact]
    public async Task A_body_of_the_greatest_length_is_read_and_one_more_byte_is_not()
    {
        var body = Grant + "&padding=" + new string('x', Parameters.MaxLength - Grant.Length - "&padding=".Length);
        (await shared.Server.PostAsync("token", body, Service)).ShouldBeOk();
        (await shared.Server.PostAsync("token", body + "x", Service)).ShouldFail("invalid_request", 413);
    }

    [Theory]
    [InlineData(Grant + "&" + Grant)]
    [InlineData(Grant + "&scope=api.read&scope=api.read")]
    [InlineData(Grant + "&scope=api.read&scop%65=api.write")]
    [InlineData(Grant + "&unknown=1&unknown=2")]
    public async Task A_repeated_parameter_is_an_invalid_request(string body) =>
        (await shared.Server.PostAsync("token", body, Service)).ShouldFail("invalid_request");

    [Fact]
    public async Task Parameters_without_a_value_and_unknown_ones_are_ignored()
    {
        (await shared.Server.PostAsync("token", Grant + "&scope=&scope=&unknown=1&&=x&client_secret=", Service)).ShouldBeOk();
    }

    [Theory]
    [InlineData(Grant + "&scope=%ff")]
    [InlineData(Grant + "&scope=%c3%28")]
    [InlineData(Grant + "&scope=api.read%00")]
    [InlineData(Grant + "&%ff=x")]
    [InlineData(Grant + "&x=\u00ff")]
    [InlineData(Grant + "&x=%ed%a0%80")]
    public async Task What_is_no_UTF_8_is_an_invalid_request(string body) =>
        (await shared.Server.PostAsync("token", body, Service)).ShouldFail("invalid_request");

    [Fact]
    public async Task Too_many_parameters_are_an_invalid_request()
    {
        var body = Grant + string.Concat(Enumerable.Range(0, 200).Select(i => $"&p{i}=1"));
        (await shared.Server.PostAsync("token", body, Service)).ShouldFail("invalid_request");
    }

    [Fact]
    public async Task Parameters_of_the_query_do_not_count()
    {
        (await shared.Server.PostAsync($"token?{Grant}", "scope=api.read", Service)).ShouldFail("invalid_request");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Only_POST_is_allowed(string method)
    {
        foreach (var endpoint in (string[])["token", "introspect", "revoke"])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), endpoint);
            using var response = await shared.Server.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
            Assert.Contains("POST", response.Content.Headers.Allow);
        }
    }

    /// <summary>A body whose length nobody can tell before.</summary>
    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
