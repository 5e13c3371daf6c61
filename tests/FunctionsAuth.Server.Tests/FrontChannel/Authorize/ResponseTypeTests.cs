using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

public sealed class ResponseTypeTests(FrontServer shared) : IClassFixture<FrontServer>
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task It_must_be_there(string? responseType) =>
        Expect.Error(await shared.NewBrowser().GetAsync(new AuthorizationParameters().With("response_type", responseType).Url), "invalid_request");

    [Theory]
    [InlineData("code code")]
    [InlineData("CODE")]
    [InlineData("none")]
    public async Task Any_other_than_code_is_not_supported(string responseType)
    {
        var request = new AuthorizationParameters().With("response_type", responseType);
        Expect.Error(await (await shared.AliceAsync()).GetAsync(request.Url), "unsupported_response_type");
    }

    [Fact]
    public async Task A_client_that_may_not_use_codes_is_told_so()
    {
        await shared.Server.RegisterAsync(new Client { ClientId = "no-codes", RedirectUris = ["https://no-codes.example/callback"], GrantTypes = ["client_credentials"] });
        var request = new AuthorizationParameters("no-codes");
        Expect.Error(await (await shared.AliceAsync()).GetAsync(request.Url), "unauthorized_client", "https://no-codes.example/callback");
    }
}
