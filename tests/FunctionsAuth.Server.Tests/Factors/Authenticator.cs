using FunctionsAuth.Server.Tests.Account;
using FunctionsAuth.Server.Tests.Harness;
using OtpNet;

namespace FunctionsAuth.Server.Tests.Factors;

/// <summary>The app on a person's phone, set up with the secret of a page.</summary>
internal sealed class Authenticator(string secret, TestClock clock)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    private readonly Totp totp = new(Base32Encoding.ToBytes(secret));

    /// <summary>The codes that the person got when the app was set up.</summary>
    public IReadOnlyList<string> Recovery { get; private init; } = [];

    /// <summary>The code that the app shows now.</summary>
    public string Code => totp.ComputeTotp(clock.GetUtcNow().UtcDateTime);

    /// <summary>Waits for a code that was not used yet.</summary>
    public string NextCode()
    {
        clock.Advance(Step);
        return Code;
    }

    /// <summary>A code that the app does not show, not even a little earlier or later.</summary>
    public string WrongCode() => Enumerable.Range(0, 10).Select(digit => new string((char)('0' + digit), 6)).First(code =>
        Enumerable.Range(-2, 5).All(step => totp.ComputeTotp((clock.GetUtcNow() + (step * Step)).UtcDateTime) != code));

    /// <summary>Sets the app up on the account page of whoever is signed in, or signs in.</summary>
    public static async Task<Authenticator> SetUpAsync(RunningServer server, Browser browser, string username = "alice")
    {
        var page = await browser.AccountAsync("totp", username);
        return await SetUpAsync(server, browser, page);
    }

    /// <param name="page">The page that shows the secret.</param>
    public static async Task<Authenticator> SetUpAsync(RunningServer server, Browser browser, Answer page)
    {
        var secret = page.Document.GetElementById("secret")!.TextContent.Replace(" ", "", StringComparison.Ordinal);
        var done = await browser.PressAsync(page, "save", null, ("code", new Authenticator(secret, server.Clock).Code));
        Assert.Equal("Your recovery codes", done.Heading());
        return new Authenticator(secret, server.Clock) { Recovery = [.. done.Document.QuerySelectorAll(".codes code").Select(code => code.TextContent)] };
    }
}

internal static class FactorSteps
{
    /// <summary>From an authorization request to the page of the second factor, or to where it leads without one.</summary>
    public static async Task<Answer> ToFactorAsync(this Browser browser, AuthorizationParameters request, string username = "alice")
    {
        var answer = await browser.FollowAsync(await browser.GetAsync(request.Url));
        return answer.Location is null && answer.HasForm("login") ? await browser.FollowAsync(await browser.LoginAsync(answer, username)) : answer;
    }

    /// <summary>Sends a code, and consents where that is asked for.</summary>
    public static async Task<Answer> GiveAsync(this Browser browser, Answer page, string code, bool remember = false)
    {
        var answer = await browser.FollowAsync(await browser.SubmitAsync(page, [("code", code), ("action", "login"), .. remember ? [("remember_factor", "true")] : Array.Empty<(string, string)>()]));
        return answer.Location is null && answer.HasForm("consent") ? await browser.FollowAsync(await browser.SubmitAsync(answer, ("action", "allow"))) : answer;
    }

    public static bool AsksForFactor(this Answer page) => page.Location is null && page.HasForm("second_factor");
}
