using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>What the session cookie says is believed only once the session's record confirms it.</summary>
public sealed class SessionCookieTests(FrontServer shared) : IClassFixture<FrontServer>
{
    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("..")]
    [InlineData("...")]
    [InlineData("a.b.c")]
    [InlineData("%ff%fe%00")]
    [InlineData("\u00ff\u00fe.\u00c3\u0028.alice-subject")]
    [InlineData("""{"sub":"alice-subject"}""")]
    [InlineData("[].{}.null")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.alice-subject")]
    [InlineData("\"quoted\"")]
    [InlineData("a b; c")]
    public Task A_malformed_one_is_as_good_as_none(string value) => AssertUnknownAsync(value);

    [Fact]
    public Task A_huge_one_is_as_good_as_none() => AssertUnknownAsync(new string('A', 6000));

    [Fact]
    public async Task One_that_names_another_subject_is_refused()
    {
        var parts = await PartsAsync();
        await AssertUnknownAsync($"{parts[0]}.{parts[1]}.bob-subject");
        await AssertUnknownAsync($"{parts[0]}.{parts[1]}.");
        await AssertUnknownAsync($"{parts[0]}.{parts[1]}");
        await AssertUnknownAsync($"{parts[0]}.{parts[1]}.{parts[2]}.x");
    }

    [Fact]
    public async Task One_with_another_secret_or_address_is_refused()
    {
        var parts = await PartsAsync();
        var other = (await shared.SignedInAsync("bob")).Cookie(BrowserCookieJar.Session)!.Split('.');
        await AssertUnknownAsync($"{parts[0]}.{other[1]}.{parts[2]}");
        await AssertUnknownAsync($"{other[0]}.{parts[1]}.{parts[2]}");
        await AssertUnknownAsync($"{other[0]}.{parts[1]}.{other[2]}");
        await AssertUnknownAsync($"{parts[0]}.{Changed(parts[1])}.{parts[2]}");
        await AssertUnknownAsync($"{Changed(parts[0])}.{parts[1]}.{parts[2]}");
    }

    [Fact]
    public async Task A_second_spelling_of_the_same_bytes_is_refused()
    {
        var parts = await PartsAsync();
        await AssertUnknownAsync($"{parts[0]}.{parts[1]}=.{parts[2]}");
        await AssertUnknownAsync($"{parts[0]}.{Respelled(parts[1])}.{parts[2]}");
    }

    [Fact]
    public async Task A_malformed_browser_cookie_is_replaced()
    {
        var opened = await ExactRequest.GetAsync(
            shared.Server, "/authorize", new AuthorizationParameters().Encoded, ("Cookie", $"{BrowserCookieJar.Secret}=not-a-secret"));
        Expect.Asked(opened, "login");
        Assert.Contains(opened.Response.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith($"{BrowserCookieJar.Secret}=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_good_browser_cookie_stays()
    {
        var browser = shared.NewBrowser();
        await browser.GetAsync(new AuthorizationParameters().Url);
        var again = await browser.GetAsync(new AuthorizationParameters().Url);
        Expect.Asked(again, "login");
        Assert.False(again.Response.Headers.Contains("Set-Cookie"));
    }

    private async Task AssertUnknownAsync(string value)
    {
        var request = new AuthorizationParameters().With("prompt", "none");
        var answer = await ExactRequest.GetAsync(shared.Server, "/authorize", request.Encoded, ("Cookie", $"{BrowserCookieJar.Session}={value}"));
        Expect.Error(answer, "login_required");
        answer = await ExactRequest.GetAsync(shared.Server, "/logout", "", ("Cookie", $"{BrowserCookieJar.Session}={value}"));
        Assert.Contains("You are signed out", answer.Body);
    }

    private async Task<string[]> PartsAsync()
    {
        var alice = await shared.AliceAsync();
        var cookie = alice.Cookie(BrowserCookieJar.Session)!;
        var request = new AuthorizationParameters().With("prompt", "none");
        Expect.Code(await ExactRequest.GetAsync(shared.Server, "/authorize", request.Encoded, ("Cookie", $"{BrowserCookieJar.Session}={cookie}")));
        return cookie.Split('.');
    }

    private static string Changed(string text) => (text[0] == 'A' ? 'B' : 'A') + text[1..];

    /// <summary>32 bytes are 43 characters, whose last one has two bits to spare.</summary>
    private static string Respelled(string text)
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return text[..^1] + alphabet[alphabet.IndexOf(text[^1]) | 1];
    }
}
