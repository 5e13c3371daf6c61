using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

public sealed class ClientTests(FrontServer shared) : IClassFixture<FrontServer>
{
    [Theory]
    [InlineData("nobody")]
    [InlineData("disabled")]
    [InlineData("WEB")]
    [InlineData("web ")]
    [InlineData("../web")]
    [InlineData("<script>web</script>")]
    public async Task A_client_that_is_unknown_or_disabled_gets_a_page_and_no_redirect(string clientId)
    {
        var request = new AuthorizationParameters(clientId, clientId == "disabled" ? "https://disabled.example/callback" : Expect.Callback);
        var answer = await shared.NewBrowser().GetAsync(request.Url);
        Expect.Page(answer, "The client_id is unknown");
        Assert.DoesNotContain("script>", answer.Body);
    }

    [Fact]
    public async Task A_disabled_client_is_answered_exactly_as_an_unknown_one()
    {
        var unknown = await shared.NewBrowser().GetAsync(new AuthorizationParameters("nobody").Url);
        var disabled = await shared.NewBrowser().GetAsync(new AuthorizationParameters("disabled").Url);
        Assert.Equal(unknown.Body, disabled.Body);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task A_request_without_client_gets_a_page_and_no_redirect(string? clientId)
    {
        var answer = await shared.NewBrowser().GetAsync(new AuthorizationParameters().With("client_id", clientId).Url);
        Expect.Page(answer, "client_id");
    }

    [Fact]
    public async Task A_request_without_any_parameter_gets_a_page() =>
        Expect.Page(await shared.NewBrowser().GetAsync("authorize"), "client_id");
}
