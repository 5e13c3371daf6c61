using System.Net;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Storage;

/// <summary>One flow whose storage fails at some point: what it does, what the client may see, and what must hold in the end.</summary>
internal abstract class FaultFlow(RunningServer server, TestStorage storage)
{
    protected RunningServer Server => server;

    protected TestStorage Storage => storage;

    protected ClientApp Web { get; } = new(server);

    /// <summary>Before the storage fails.</summary>
    public abstract Task PrepareAsync();

    /// <summary>With the fault.</summary>
    /// <returns>Whether it succeeded; if not, the client was told to try again.</returns>
    public abstract Task<bool> RunAsync();

    /// <summary>After the fault: as the client would, again if it did not succeed; and nothing is lost or there twice.</summary>
    public abstract Task FinishAsync(bool succeeded);

    /// <summary>Exactly one live family came of it, and what is used again ends it.</summary>
    protected async Task ShouldLiveAsync(JsonAnswer tokens)
    {
        (await Web.UserInfoAsync(tokens.AccessToken)).ShouldBeOk();
        Assert.True((await Web.IntrospectAsync(tokens.RefreshToken)).IsActive);
        var next = (await Web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        (await Web.UserInfoAsync(next.AccessToken)).ShouldBeOk();
    }

    protected static bool IsOkOrUnavailable(JsonAnswer answer)
    {
        if (answer.Status == 200)
            return true;
        answer.ShouldBeUnavailable();
        return false;
    }

    /// <summary>A page that asks to wait, or the answer to the client that says so.</summary>
    protected static bool IsCodeOrUnavailable(Answer answer)
    {
        if (answer.Location?.StartsWith("https://web.example/callback?", StringComparison.Ordinal) == true)
        {
            if (answer.Parameters.ContainsKey("code"))
                return true;
            Assert.Equal("temporarily_unavailable", answer.Parameters["error"]);
            Assert.Equal("state-of-the-test", answer.Parameters["state"]);
            Assert.Equal(RunningServer.Issuer, answer.Parameters["iss"]);
            return false;
        }
        ShouldBeBusyPage(answer);
        return false;
    }

    protected static string Describe(Answer answer) => $"{answer.Status} {answer.Location} {answer.Document.QuerySelector("dl")?.TextContent.ReplaceLineEndings(" ")}";

    protected static void ShouldBeBusyPage(Answer answer)
    {
        Assert.True(answer.Status == HttpStatusCode.ServiceUnavailable, Describe(answer));
        Assert.NotNull(answer.Response.Headers.RetryAfter);
        Assert.StartsWith("text/html", answer.Response.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal);
    }
}

/// <summary>Authorize with a session and a consent.</summary>
internal sealed class AuthorizeFlow(RunningServer server, TestStorage storage, Browser alice) : FaultFlow(server, storage)
{
    private Answer? answer;

    public override Task PrepareAsync() => Task.CompletedTask;

    public override async Task<bool> RunAsync() => IsCodeOrUnavailable(answer = await alice.GetAsync(new AuthorizationParameters(scope: "openid offline_access").Url));

    public override async Task FinishAsync(bool succeeded)
    {
        if (!succeeded)
            Assert.True(await RunAsync(), "The retry failed");
        await ShouldLiveAsync((await Web.RedeemAsync(answer!.Parameters["code"])).ShouldBeOk());
    }
}

/// <summary>A code is redeemed.</summary>
internal sealed class RedeemFlow(RunningServer server, TestStorage storage, Browser alice) : FaultFlow(server, storage)
{
    private string code = "";
    private JsonAnswer? answer;

    public override async Task PrepareAsync() => code = await alice.CodeAsync(Web, "web", "openid offline_access");

    public override async Task<bool> RunAsync() => IsOkOrUnavailable(answer = await Web.RedeemAsync(code));

    public override async Task FinishAsync(bool succeeded)
    {
        if (!succeeded)
            Assert.True(await RunAsync(), "The retry failed: the code was lost");
        await ShouldLiveAsync(answer!);
        (await Web.RedeemAsync(code)).ShouldFail("invalid_grant");
        await Web.ShouldBeRevokedAsync(answer!);
    }
}

/// <summary>A refresh, without a grace window that would hide a lost token.</summary>
/// <param name="scope">Without offline_access it reads its session, too.</param>
/// <param name="idle">How long the session was not used: long enough, and the refresh writes the use down.</param>
internal sealed class RefreshFlow(RunningServer server, TestStorage storage, Browser alice, string scope, TimeSpan idle) : FaultFlow(server, storage)
{
    private JsonAnswer tokens = null!;
    private JsonAnswer? answer;

    public override async Task PrepareAsync()
    {
        tokens = (await Web.RedeemAsync(await alice.CodeAsync(Web, "web", scope))).ShouldBeOk();
        Server.Clock.Advance(idle);
    }

    public override async Task<bool> RunAsync() => IsOkOrUnavailable(answer = await Web.RefreshAsync(tokens.RefreshToken));

    public override async Task FinishAsync(bool succeeded)
    {
        if (!succeeded)
            Assert.True(await RunAsync(), "The retry failed: the refresh token was lost");
        await ShouldLiveAsync(answer!);
        (await Web.RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
        await Web.ShouldBeRevokedAsync(answer!);
    }
}

/// <summary>A revocation: once it has answered 200, nothing lives.</summary>
internal sealed class RevokeFlow(RunningServer server, TestStorage storage, Browser alice) : FaultFlow(server, storage)
{
    private JsonAnswer tokens = null!;

    public override async Task PrepareAsync() =>
        tokens = (await Web.RedeemAsync(await alice.CodeAsync(Web, "web", "openid offline_access"))).ShouldBeOk();

    public override async Task<bool> RunAsync() => IsOkOrUnavailable(await Web.RevokeAsync(tokens.RefreshToken));

    public override async Task FinishAsync(bool succeeded)
    {
        if (!succeeded)
            Assert.True(await RunAsync(), "The retry failed");
        await Web.ShouldBeRevokedAsync(tokens);
        (await Web.IntrospectAsync(tokens.AccessToken)).ShouldBeInactive();
    }
}

/// <summary>A code that comes back: its grant is revoked as soon as storage lets it.</summary>
internal sealed class ReuseFlow(RunningServer server, TestStorage storage, Browser alice) : FaultFlow(server, storage)
{
    private string code = "";
    private JsonAnswer tokens = null!;

    public override async Task PrepareAsync()
    {
        code = await alice.CodeAsync(Web, "web", "openid offline_access");
        tokens = (await Web.RedeemAsync(code)).ShouldBeOk();
    }

    public override async Task<bool> RunAsync()
    {
        var answer = await Web.RedeemAsync(code);
        if (answer.Error == "invalid_grant")
            return true;
        answer.ShouldBeUnavailable();
        return false;
    }

    public override async Task FinishAsync(bool succeeded)
    {
        if (!succeeded)
            Assert.True(await RunAsync(), "The retry failed");
        await Web.ShouldBeRevokedAsync(tokens);
    }
}

/// <summary>Userinfo or introspection: it reads, and changes nothing.</summary>
internal sealed class ReadingFlow(RunningServer server, TestStorage storage, Browser alice, Func<ClientApp, JsonAnswer, Task<JsonAnswer>> read)
    : FaultFlow(server, storage)
{
    private JsonAnswer tokens = null!;

    public override async Task PrepareAsync() =>
        tokens = (await Web.RedeemAsync(await alice.CodeAsync(Web, "web", "openid offline_access"))).ShouldBeOk();

    public override async Task<bool> RunAsync()
    {
        var answer = await read(Web, tokens);
        // "Not active" while storage is down would log people out of APIs.
        Assert.NotEqual("False", answer["active"]);
        return IsOkOrUnavailable(answer);
    }

    public override async Task FinishAsync(bool succeeded)
    {
        if (!succeeded)
            Assert.True(await RunAsync(), "The retry failed");
        await ShouldLiveAsync(tokens);
    }
}

/// <summary>The login form is sent, by somebody who has signed in before and now comes with a new browser.</summary>
internal sealed class LoginFlow(RunningServer server, TestStorage storage) : FaultFlow(server, storage)
{
    private Browser browser = null!;
    private Answer page = null!;
    private Answer answer = null!;

    public override async Task PrepareAsync()
    {
        browser = new Browser(Server);
        page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters(scope: "openid offline_access").Url));
    }

    public override async Task<bool> RunAsync() => IsCodeOrUnavailable(answer = await browser.LoginAsync(page));

    public override async Task FinishAsync(bool succeeded)
    {
        if (!succeeded)
            answer = await AgainAsync();
        await ShouldLiveAsync((await Web.RedeemAsync(answer.Parameters["code"])).ShouldBeOk());
    }

    private async Task<Answer> AgainAsync()
    {
        // An error at the client: its app sends the browser again. Else the person reloads the page that says "busy".
        var again = answer.Location is null
            ? await browser.FollowAsync(await browser.LoginAsync(page))
            : await browser.AuthorizeAsync(new AuthorizationParameters(scope: "openid offline_access"));
        Assert.True(again.Location is not null && again.Parameters.ContainsKey("code"), $"The retry failed: {Describe(again)}");
        return again;
    }
}

/// <summary>The consent form is sent.</summary>
internal sealed class ConsentFlow(RunningServer server, TestStorage storage, Browser alice) : FaultFlow(server, storage)
{
    private static readonly AuthorizationParameters Request = new("third-party", "https://third.example/callback", "openid offline_access");

    private Answer page = null!;
    private Answer answer = null!;

    private ClientApp ThirdParty => new(Server, "third-party");

    public override async Task PrepareAsync()
    {
        await Storage["Consents"].DeleteEntityAsync("alice-subject", "third-party");
        page = await alice.FollowAsync(await alice.GetAsync(Request.Url));
        Assert.True(page.HasForm("consent"), page.Body);
    }

    public override async Task<bool> RunAsync()
    {
        answer = await alice.SubmitAsync(page, ("action", "allow"));
        if (answer.Location?.StartsWith("https://third.example/callback?", StringComparison.Ordinal) == true && answer.Parameters.ContainsKey("code"))
            return true;
        if (answer.Location?.StartsWith("https://third.example/", StringComparison.Ordinal) == true)
            Assert.Equal("temporarily_unavailable", answer.Parameters["error"]);
        else
            ShouldBeBusyPage(answer);
        return false;
    }

    public override async Task FinishAsync(bool succeeded)
    {
        if (!succeeded)
            Assert.True(await RunAsync(), "The retry failed");
        var tokens = (await ThirdParty.RedeemAsync(answer.Parameters["code"])).ShouldBeOk();
        (await ThirdParty.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        Assert.NotNull(await Server.Get<IConsentStore>().FindAsync("alice-subject", "third-party", default));
    }
}
