using Azure.Security.KeyVault.Keys;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Server.Tests.Storage;

/// <summary>
/// What the design runs at the same time really does: each operation waits until all the others are under way, so one
/// after the other they would never come through.
/// </summary>
public sealed class OverlapTests : IAsyncLifetime
{
    private readonly TestStorage storage = new(BackEnd.Memory);
    private readonly ScriptedVault keys = new(new TestClock());
    private RunningServer server = null!;

    private ClientApp Web => new(server);

    public async Task InitializeAsync() =>
        server = await RunningServer.StartAsync(storage.Setup() with { Services = services => services.AddSingleton<KeyClient>(keys) });

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task Both_tokens_are_signed_and_the_user_is_read_at_the_same_time()
    {
        // The ID token has claims of the user.
        var code = await new Browser(server).CodeAsync(Web, "web", "openid profile email offline_access");
        await TogetherAsync(["sign", "sign", "Users read"], () => Web.RedeemAsync(code));
    }

    [Fact]
    public async Task A_refresh_reads_consent_user_and_session_while_it_signs()
    {
        var tokens = (await Web.LoginAsync("openid profile email")).ShouldBeOk();
        await TogetherAsync(["sign", "sign", "Users read", "Consents read", "Sessions read"], () => Web.RefreshAsync(tokens.RefreshToken));
    }

    [Fact]
    public async Task Userinfo_reads_grant_user_and_consent_at_the_same_time()
    {
        var tokens = (await Web.LoginAsync()).ShouldBeOk();
        await TogetherAsync(["Grants read", "Users read", "Consents read"], () => Web.UserInfoAsync(tokens.AccessToken));
    }

    [Fact]
    public async Task Introspection_reads_grant_and_consent_at_the_same_time()
    {
        var tokens = (await Web.LoginAsync()).ShouldBeOk();
        await TogetherAsync(["Grants read", "Consents read"], () => Web.IntrospectAsync(tokens.AccessToken));
    }

    [Fact]
    public async Task Authorize_reads_session_and_consent_at_the_same_time()
    {
        var browser = new Browser(server);
        await browser.CodeAsync(Web, "web", "openid");
        storage.Script.Meeting = new Rendezvous("Sessions read", "Consents read");
        var answer = await browser.GetAsync(new AuthorizationParameters().Url);
        Assert.True(storage.Script.Meeting.IsComplete, $"{storage.Script.Meeting.Missing} came late");
        Assert.Contains("code", answer.Parameters.Keys);
    }

    [Fact]
    public async Task Nothing_is_written_before_everything_is_signed()
    {
        var code = await new Browser(server).CodeAsync(Web, "web", "openid offline_access");
        // The signatures never come, and in the end the vault gives up.
        keys.Meeting = new Rendezvous("sign", "sign", "never") { Patience = TimeSpan.FromMilliseconds(100) };
        storage.Script.Arm();
        (await Web.RedeemAsync(code)).ShouldBeUnavailable();
        Assert.DoesNotContain(storage.Script.Operations, operation => operation.Kind == "replace");
        keys.Meeting = null;
        (await Web.RedeemAsync(code)).ShouldBeOk();
    }

    private async Task TogetherAsync(string[] operations, Func<Task<JsonAnswer>> send)
    {
        var meeting = new Rendezvous(operations);
        (storage.Script.Meeting, keys.Meeting) = (meeting, meeting);
        var answer = await send();
        Assert.True(meeting.IsComplete, $"These were not under way with the others: {meeting.Missing}");
        answer.ShouldBeOk();
    }
}
