using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

public sealed class EncodingTests(FrontServer shared) : IClassFixture<FrontServer>
{
    [Theory]
    [InlineData("%ff")]
    [InlineData("%c0%80")]
    [InlineData("%ed%a0%80")]
    [InlineData("%e2%98")]
    [InlineData("a%00b")]
    public async Task What_is_no_UTF_8_gets_a_page(string state)
    {
        var encoded = new AuthorizationParameters().With("state", null).Encoded + "&state=" + state;
        Expect.Page(await ExactRequest.GetAsync(shared.Server, "/authorize", encoded), "must be form-encoded UTF-8");
        Expect.Page(await ExactRequest.PostAsync(shared.Server, "/authorize", encoded), "must be form-encoded UTF-8");
    }

    [Fact]
    public async Task So_does_a_name_that_is_no_UTF_8() =>
        Expect.Page(await ExactRequest.GetAsync(shared.Server, "/authorize", new AuthorizationParameters().Encoded + "&%ff=1"), "must be form-encoded UTF-8");

    [Fact]
    public async Task So_do_raw_bytes_that_are_no_UTF_8() =>
        Expect.Page(await ExactRequest.PostAsync(shared.Server, "/authorize", new AuthorizationParameters().Encoded + "&x=\u00ff"), "must be form-encoded UTF-8");

    [Fact]
    public async Task So_does_a_raw_zero_byte() =>
        Expect.Page(await ExactRequest.PostAsync(shared.Server, "/authorize", new AuthorizationParameters().With("state", null).Encoded + "&state=a\0b"), "must be form-encoded UTF-8");

    [Theory]
    [InlineData("100%", "100%")]
    [InlineData("%zz", "%zz")]
    [InlineData("%4", "%4")]
    [InlineData("a+b%2Bc", "a b+c")]
    [InlineData("a=b=c", "a=b=c")]
    public async Task A_percent_sign_that_encodes_nothing_stands_for_itself(string sent, string state)
    {
        var encoded = new AuthorizationParameters().With("state", null).With("prompt", "none").Encoded + "&state=" + sent;
        Expect.Error(await ExactRequest.GetAsync(shared.Server, "/authorize", encoded), "login_required", state: state);
    }

    [Fact]
    public async Task A_redirect_uri_is_compared_after_decoding_once_and_not_twice()
    {
        var request = new AuthorizationParameters(redirectUri: Uri.EscapeDataString(Expect.Callback));
        Expect.Page(await ExactRequest.GetAsync(shared.Server, "/authorize", request.Encoded), "redirect_uri");
    }

    [Fact]
    public async Task Empty_pairs_do_no_harm()
    {
        var encoded = "&&" + new AuthorizationParameters().With("prompt", "none").Encoded + "&&=&=x&";
        Expect.Error(await ExactRequest.GetAsync(shared.Server, "/authorize", encoded), "login_required");
    }

    [Fact]
    public async Task More_parameters_than_any_client_sends_get_a_page()
    {
        var encoded = new AuthorizationParameters().Encoded + string.Concat(Enumerable.Range(0, 300).Select(i => $"&p{i}=1"));
        Expect.Page(await ExactRequest.GetAsync(shared.Server, "/authorize", encoded), "too many parameters");
    }
}
