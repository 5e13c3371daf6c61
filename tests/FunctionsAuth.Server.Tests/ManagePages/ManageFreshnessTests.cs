using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Manage;

namespace FunctionsAuth.Server.Tests.ManagePages;

/// <summary>How new and how sure a login must be for the pages of the management.</summary>
public sealed class ManageFreshnessTests
{
    [Fact]
    public async Task A_browser_that_somebody_left_open_changes_nothing_without_a_new_login()
    {
        await using var server = await StartAsync();
        var browser = new Browser(server);
        var page = await browser.ManageAsync("groups", ManageServer.Boss);
        server.Clock.Advance(TimeSpan.FromMinutes(61));
        var answer = await browser.SendAsync(page, "groups", "create", null, ("name", "intruders"));
        Assert.True(answer.HasForm("login"));
        Assert.Null(await server.Get<IGroupStore>().FindAsync("intruders", default));
        // Reading goes on, and after the login changes do, too.
        page = await browser.FollowAsync(await browser.LoginAsync(answer, ManageServer.Boss));
        await browser.SendAsync(page, "groups", "create", null, ("name", "sales"));
        Assert.NotNull(await server.Get<IGroupStore>().FindAsync("sales", default));
    }

    [Fact]
    public async Task Who_needs_a_passkey_elsewhere_needs_one_here()
    {
        await using var server = await StartAsync(("SecondFactors:PasskeyRequiredFor", "administrators"));
        var asked = await new Browser(server).ManageAsync("users", ManageServer.Boss);
        Assert.DoesNotContain("People", asked.Places());
        Assert.NotNull(asked.Document.QuerySelector("a[href*='passkeys']"));
    }

    private static async Task<RunningServer> StartAsync(params (string Name, string? Value)[] settings)
    {
        var server = await RunningServer.StartAsync(new ServerSetup { Settings = new() { ["Manage:RequireSecondFactor"] = "false" } }.With(settings));
        await LocalServer.ImportAsync(server.Services, ManageServer.Json);
        return server;
    }
}
