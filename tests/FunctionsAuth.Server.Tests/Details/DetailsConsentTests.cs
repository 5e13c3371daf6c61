using System.Buffers.Text;
using System.Text.Json;
using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Server.Tests.Account;
using FunctionsAuth.Server.Tests.FrontChannel;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Details;

/// <summary>A person sees every detail before it is granted, and is asked again when one changes.</summary>
public sealed class DetailsConsentTests(BankServer shared) : IClassFixture<BankServer>
{
    private const string OwnCallback = "https://own.example/callback";

    [Fact]
    public async Task The_page_shows_each_detail_with_all_that_it_says()
    {
        var page = await BankServer.AskAsync(await shared.NewUserAsync(), BankServer.Request($"[{BankServer.Payment},{BankServer.Accounts},{BankServer.Folder}]"));
        Expect.Form(page, "consent");
        Assert.Equal(["A payment", "Your accounts", "A folder"], page.Document.QuerySelectorAll(".detail h2").Select(heading => heading.TextContent));
        Assert.Equal(
            [
                "Up to 25.5 EUR to Green Grocer",
                "To see balance, history", "Account DE02100100100006820101", "Account DE02500105170137075030", "DE02500105170137075030 is called Savings",
                "/reports",
            ],
            LinesOf(page));
        Assert.DoesNotContain("It asks only to know who you are", page.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_does_so_in_the_language_of_the_person()
    {
        var browser = await shared.NewUserAsync();
        browser.Languages = "de";
        var page = await BankServer.AskAsync(browser, BankServer.Request($"[{BankServer.Payment}]"));
        Assert.Equal("Eine Zahlung", page.Document.GetElementById("detail-0")!.TextContent);
        Assert.Equal(["Bis zu 25.5 EUR an Green Grocer"], LinesOf(page));
    }

    [Fact]
    public async Task What_the_request_says_is_shown_as_text_and_apart_from_the_text_around_it()
    {
        const string creditor = "<b>{amount.value}</b> & שלום";
        var page = await BankServer.AskAsync(await shared.NewUserAsync(), BankServer.Request($$"""[{"type":"payment","amount":{"value":1,"currency":"EUR"},"creditor":"{{creditor}}"}]"""));
        Assert.Equal([$"Up to 1 EUR to {creditor}"], LinesOf(page));
        // The style sheet gives each of these a direction of its own.
        Assert.Equal(["1", "EUR", creditor], page.Document.QuerySelectorAll(".detail li strong").Select(value => value.TextContent));
        Assert.Empty(page.Document.QuerySelectorAll(".detail b"));
    }

    /// <summary>A payment is not made twice by one answer, be the button pressed twice or the form sent many times at once.</summary>
    [Fact]
    public async Task One_answer_to_what_is_always_asked_gives_one_code()
    {
        var browser = await shared.NewUserAsync();
        var page = await BankServer.AskAsync(browser, BankServer.Request($"[{BankServer.Payment}]"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => browser.SubmitAsync(page, ("action", "allow")))));
        Assert.Single(answers, answer => answer.Location?.Contains("code=", StringComparison.Ordinal) == true);
        Assert.Null((await browser.SubmitAsync(page, ("action", "allow"))).Location);

        // What is asked once may be answered again for a moment: somebody who presses twice sees the second answer.
        var accounts = await BankServer.AskAsync(browser, BankServer.Request($"[{BankServer.Accounts}]"));
        Expect.Code(await browser.SubmitAsync(accounts, ("action", "allow")), BankServer.Callback);
        Expect.Code(await browser.SubmitAsync(accounts, ("action", "allow")), BankServer.Callback);
    }

    [Fact]
    public async Task The_same_details_are_asked_for_once_and_others_again()
    {
        var browser = await shared.NewUserAsync();
        await AllowAsync(browser, $"[{BankServer.Accounts}]");
        Expect.Code(await browser.GetAsync(BankServer.Request($"[{BankServer.Accounts}]").Url), BankServer.Callback);
        // In another order of the members, and without what was asked for before.
        Expect.Code(await browser.GetAsync(BankServer.Request("""[{"accounts":[{"iban":"DE02100100100006820101"},{"name":"Savings","iban":"DE02500105170137075030"}],"actions":["balance","history"],"type":"accounts"}]""").Url), BankServer.Callback);
        Expect.Code(await browser.GetAsync(BankServer.Request(null).Url), BankServer.Callback);
        var changed = BankServer.Accounts.Replace("820101", "820102", StringComparison.Ordinal);
        Expect.Error(await browser.GetAsync(BankServer.Request($"[{changed}]").With("prompt", "none").Url), "consent_required", BankServer.Callback);
        await AllowAsync(browser, $"[{changed}]");
        Expect.Asked(await browser.GetAsync(BankServer.Request($"[{BankServer.Accounts}]").Url), "consent");
    }

    [Fact]
    public async Task What_was_allowed_of_another_type_stays_allowed()
    {
        var browser = await shared.NewUserAsync();
        await AllowAsync(browser, $"[{BankServer.Accounts}]");
        await AllowAsync(browser, $"[{BankServer.Folder}]");
        Expect.Code(await browser.GetAsync(BankServer.Request($"[{BankServer.Folder},{BankServer.Accounts}]").Url), BankServer.Callback);
    }

    [Fact]
    public async Task Of_a_type_that_always_asks_the_person_is_asked_each_time()
    {
        var browser = await shared.NewUserAsync();
        await AllowAsync(browser, $"[{BankServer.Payment}]");
        await AllowAsync(browser, $"[{BankServer.Payment}]");
        Expect.Error(await browser.GetAsync(BankServer.Request($"[{BankServer.Payment}]").With("prompt", "none").Url), "consent_required", BankServer.Callback);
    }

    [Fact]
    public async Task An_app_of_the_operator_skips_the_page_but_for_a_type_that_always_asks()
    {
        var browser = await shared.NewUserAsync();
        Expect.Code(await browser.GetAsync(BankServer.Request($"[{BankServer.Accounts}]", "own").Url), OwnCallback);
        Expect.Error(await browser.GetAsync(BankServer.Request($"[{BankServer.Accounts},{BankServer.Payment}]", "own").With("prompt", "none").Url), "consent_required", OwnCallback);
        var page = await BankServer.AskAsync(browser, BankServer.Request($"[{BankServer.Accounts},{BankServer.Payment}]", "own"));
        Expect.Form(page, "consent");
        Expect.Code(await browser.SubmitAsync(page, ("action", "allow")), OwnCallback);
    }

    [Fact]
    public async Task Deny_grants_nothing()
    {
        var browser = await shared.NewUserAsync();
        var page = await BankServer.AskAsync(browser, BankServer.Request($"[{BankServer.Accounts}]"));
        Expect.Error(await browser.SubmitAsync(page, ("action", "deny")), "access_denied", BankServer.Callback);
        Expect.Asked(await browser.GetAsync(BankServer.Request($"[{BankServer.Accounts}]").Url), "consent");
    }

    [Fact]
    public async Task What_the_person_was_shown_for_one_request_answers_no_other()
    {
        var browser = await shared.NewUserAsync();
        var small = await BankServer.AskAsync(browser, BankServer.Request($"[{BankServer.Payment}]"));
        var large = await BankServer.AskAsync(browser, BankServer.Request($"[{BankServer.Payment.Replace("25.5", "2550", StringComparison.Ordinal)}]"));
        Expect.Page(await browser.SubmitAsync(large, ("action", "allow"), ("form_token", small.HiddenFields()["form_token"])), "expired");
    }

    [Fact]
    public async Task A_page_of_the_release_before_which_showed_no_details_allows_none()
    {
        var browser = await shared.NewUserAsync();
        var plain = await BankServer.AskAsync(browser, BankServer.Request(null));
        Expect.Code(await browser.SubmitAsync(plain, ("action", "allow"), ("form_token", TokenOfBefore(plain))), BankServer.Callback);
        var detailed = await BankServer.AskAsync(browser, BankServer.Request($"[{BankServer.Accounts}]"));
        Expect.Page(await browser.SubmitAsync(detailed, ("action", "allow"), ("form_token", TokenOfBefore(detailed))), "expired");

        string TokenOfBefore(Answer page)
        {
            var request = page.HiddenFields()["request"];
            var cookies = browser.Cookies.GetAllCookies().ToDictionary(cookie => cookie.Name, cookie => cookie.Value);
            var secret = Base64Url.DecodeFromChars(cookies.GetValueOrDefault($"__Host-browser-{request}") ?? cookies["__Host-browser"]);
            return FormToken.For(secret, "consent", request, SessionCookie.Parse(cookies["__Host-session"])!.Address.ToString());
        }
    }

    [Fact]
    public async Task The_row_of_a_type_is_a_resource_that_nobody_has_to_the_release_before()
    {
        // That one reads every row of the table that is no scope as a resource.
        var rows = (await shared.Server.RowsAsync("Scopes")).Where(row => row.PartitionKey == "authorization_details_type").ToList();
        Assert.Equal(5, rows.Count);
        var options = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
        Assert.All(rows, row => Assert.StartsWith("urn:functionsauth:authorization-details-type:", JsonSerializer.Deserialize<Resource>(row.GetString("Json"), options)!.Identifier, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_consent_row_holds_hashes_and_not_what_was_allowed()
    {
        var (browser, subject) = await shared.NewPersonAsync();
        await AllowAsync(browser, $"[{BankServer.Accounts}]");
        Assert.DoesNotContain(await shared.Server.RowsAsync("Consents"), row => row.Any(property => property.Value?.ToString()?.Contains("DE0210", StringComparison.Ordinal) == true));
        var consent = (await shared.Server.Get<IConsentStore>().FindAsync(subject, "shop", default))!;
        Assert.Matches("^[A-Za-z0-9_-]{43}:accounts$", Assert.Single(consent.Details));
    }

    [Fact]
    public async Task The_account_page_names_the_types_and_taking_the_access_back_ends_it()
    {
        var browser = await shared.NewUserAsync();
        var tokens = (await shared.App().RedeemAsync(await AllowAsync(browser, $"[{BankServer.Accounts},{BankServer.Payment}]"))).ShouldBeOk();
        var page = await browser.AccountAsync("apps");
        Assert.Contains("Your accounts", page.Text());
        Assert.Contains("A payment", page.Text());
        await browser.PressAsync(page, "revoke", "shop");
        (await shared.App().RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
        Expect.Asked(await browser.GetAsync(BankServer.Request($"[{BankServer.Accounts}]").Url), "consent");
    }

    /// <returns>The code.</returns>
    private static async Task<string> AllowAsync(Browser browser, string details)
    {
        var page = await BankServer.AskAsync(browser, BankServer.Request(details));
        Expect.Form(page, "consent");
        return Expect.Code(await browser.SubmitAsync(page, ("action", "allow")), BankServer.Callback);
    }

    private static IEnumerable<string> LinesOf(Answer page) => page.Document.QuerySelectorAll(".detail li").Select(line => line.TextContent);
}
