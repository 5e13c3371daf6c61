using System.Text.Json.Nodes;
using FunctionsAuth.Server.Tests.FrontChannel;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Details;

/// <summary>What a client may ask for in <c>authorization_details</c>: RFC 9396 §2, §3 and §5.</summary>
public sealed class DetailsRequestTests(BankServer shared) : IClassFixture<BankServer>
{
    public static TheoryData<string> Wrong { get; } =
    [
        "not JSON",
        "{}",
        "\"payment\"",
        "[1]",
        "[{}]",
        """[{"type":1}]""",
        """[{"type":""}]""",
        """[{"type":"unknown"}]""",
        """[{"type":"not-for-the-shop"}]""",
        """[{"type":"PAYMENT","amount":{"value":1,"currency":"EUR"},"creditor":"A"}]""",
        """[{"type":"payment"}]""",
        """[{"type":"payment","type":"folder","path":"/"}]""",
        """[{"type":"payment","amount":{"value":1,"currency":"EUR","currency":"USD"},"creditor":"A"}]""",
        """[{"type":"payment","amount":{"value":1,"currency":"EUR"},"creditor":"A","more":1}]""",
        """[{"type":"payment","amount":{"value":1,"currency":"EUR","more":1},"creditor":"A"}]""",
        """[{"type":"payment","amount":{"value":"1","currency":"EUR"},"creditor":"A"}]""",
        """[{"type":"payment","amount":{"value":0,"currency":"EUR"},"creditor":"A"}]""",
        """[{"type":"payment","amount":{"value":-1,"currency":"EUR"},"creditor":"A"}]""",
        """[{"type":"payment","amount":{"value":10000.01,"currency":"EUR"},"creditor":"A"}]""",
        """[{"type":"payment","amount":{"value":1e3,"currency":"EUR"},"creditor":"A"}]""",
        """[{"type":"payment","amount":{"value":1.0000000000000001,"currency":"EUR"},"creditor":"A"}]""",
        """[{"type":"payment","amount":{"value":1,"currency":"GBP"},"creditor":"A"}]""",
        """[{"type":"payment","amount":[],"creditor":"A"}]""",
        """[{"type":"payment","amount":null,"creditor":"A"}]""",
        """[{"type":"payment","amount":{"value":1,"currency":"EUR"},"creditor":""}]""",
        """[{"type":"payment","amount":{"value":1,"currency":"EUR"},"creditor":"  "}]""",
        """[{"type":"payment","amount":{"value":1,"currency":"EUR"},"creditor":"A\u202eB"}]""",
        """[{"type":"payment","amount":{"value":1,"currency":"EUR"},"creditor":"A\nB"}]""",
        """[{"type":"payment","amount":{"value":1,"currency":"EUR"},"creditor":"\u3164"}]""",
        """[{"type":"payment","amount":{"value":1,"currency":"EUR"},"creditor":"A\u3164"}]""",
        """[{"type":"payment","amount":{"value":1,"currency":"EUR"},"creditor":"A\u0301\u0301\u0301\u0301\u0301"}]""",
        """[{"type":"payment","amount":{"value":1,"currency":"EUR"},"creditor":"\u0301A"}]""",
        """[{"type":"payment","amount":{"value":1,"currency":"EUR"},"creditor":"\ud800"}]""",
        """[{"type":"payment","amount":{"value":1,"currency":"EUR"},"creditor":"A","reference":"lower"}]""",
        """[{"type":"accounts","actions":[]}]""",
        """[{"type":"accounts","actions":["delete"]}]""",
        """[{"type":"accounts","actions":["balance"],"accounts":[{}]}]""",
        """[{"type":"accounts","actions":["balance"],"accounts":[]}]""",
        """[{"type":"folder","path":"/","depth":1.5}]""",
        """[{"type":"folder","path":"/","locations":["https://unknown.example"]}]""",
        """[{"type":"folder","path":"/","locations":["not a URI"]}]""",
        """[{"type":"folder","path":"/"},{"path":"/","type":"folder"}]""",
    ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_is_wrong_with_them_is_told_to_the_client_by_each_way_that_they_come(string details)
    {
        Expect.Error(await new Browser(shared.Server).GetAsync(BankServer.Request(details).Url), "invalid_authorization_details", BankServer.Callback);
        (await shared.App().PostAsync("par", Pushed(details))).ShouldFail("invalid_authorization_details");
        (await shared.App("robot").PostAsync("token", [("grant_type", "client_credentials"), ("authorization_details", details)])).ShouldFail("invalid_authorization_details");
    }

    [Fact]
    public async Task More_than_16_KiB_are_too_much_and_so_are_more_than_32_elements()
    {
        var large = $"[{string.Join(',', Enumerable.Range(0, 31).Select(index => $$"""{"type":"folder","path":"{{index}}{{new string('x', 290)}}"}"""))}]";
        (await shared.App().PostAsync("par", Pushed(large))).ShouldBeCreated();
        (await shared.App().PostAsync("par", Pushed(large.PadRight((16 * 1024) + 1)))).ShouldFail("invalid_authorization_details");
        var many = $"[{string.Join(',', Enumerable.Range(0, 33).Select(index => $$"""{"type":"folder","path":"{{index}}"}"""))}]";
        (await shared.App().PostAsync("par", Pushed(many))).ShouldFail("invalid_authorization_details");
    }

    [Fact]
    public async Task What_grows_when_it_is_written_down_is_measured_as_it_is_written()
    {
        // Each of these characters has 4 bytes as it comes, and 12 as JSON has it that is safe everywhere: 4 elements are below the limit, and 6 above it.
        string Emoji(int count) => $"[{string.Join(',', Enumerable.Range(0, count).Select(index => $$"""{"type":"folder","path":"{{index}}{{string.Concat(Enumerable.Repeat("😀", 299))}}"}"""))}]";
        (await shared.App("robot").PostAsync("token", [("grant_type", "client_credentials"), ("authorization_details", Emoji(4))])).ShouldBeOk();
        (await shared.App("robot").PostAsync("token", [("grant_type", "client_credentials"), ("authorization_details", Emoji(6))])).ShouldFail("invalid_authorization_details");
    }

    [Fact]
    public async Task JSON_that_is_nested_deeply_is_refused()
    {
        var deep = $$"""[{"type":"folder","path":{{new string('[', 5000)}}{{new string(']', 5000)}}}]""";
        (await shared.App().PostAsync("par", Pushed(deep))).ShouldFail("invalid_authorization_details");
    }

    [Fact]
    public async Task They_can_be_pushed()
    {
        var uri = (await shared.App().PostAsync("par", Pushed($"[{BankServer.Payment}]"))).ShouldBeCreated()["request_uri"]!;
        var browser = await shared.NewUserAsync();
        var page = await BankServer.AskAsync(browser, new AuthorizationParameters("shop").With("request_uri", uri));
        Assert.Contains("Green Grocer", page.Text());
        var code = Expect.Code(await browser.SubmitAsync(page, ("action", "allow")), BankServer.Callback);
        BankServer.ShouldBe((await shared.App().RedeemAsync(code)).ShouldBeOk().Json, BankServer.Payment);
    }

    [Fact]
    public async Task In_a_request_object_they_are_a_JSON_array()
    {
        var browser = await shared.NewUserAsync();
        var request = shared.SignedRequest(JsonNode.Parse($"[{BankServer.Payment}]")!);
        var page = await BankServer.AskAsync(browser, new AuthorizationParameters("shop").With("request", request));
        Assert.Contains("Green Grocer", page.Text());
        var code = Expect.Code(await browser.SubmitAsync(page, ("action", "allow")), BankServer.Callback);
        BankServer.ShouldBe((await shared.App().RedeemAsync(code)).ShouldBeOk().Json, BankServer.Payment);
        Expect.Error(
            await browser.GetAsync(new AuthorizationParameters("shop").With("request", shared.SignedRequest(JsonNode.Parse("""[{"type":"unknown"}]""")!)).Url),
            "invalid_authorization_details",
            BankServer.Callback);
    }

    [Fact]
    public async Task What_stands_beside_a_request_object_does_not_count()
    {
        var browser = await shared.NewUserAsync();
        var request = BankServer.Request($"[{BankServer.Accounts}]").With("request", shared.SignedRequest(JsonNode.Parse($"[{BankServer.Payment}]")!));
        var page = await BankServer.AskAsync(browser, request);
        Assert.Contains("Green Grocer", page.Text());
        Assert.DoesNotContain("DE02100100100006820101", page.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_names_no_scope_asks_for_the_details_alone()
    {
        var tokens = await shared.TokensAsync($"[{BankServer.Accounts}]", scope: null);
        Assert.Null(tokens["scope"]);
        Assert.Null(tokens["id_token"]);
        var token = JsonAnswer.Claims(tokens.AccessToken);
        Assert.Equal(BankServer.Bank, token.GetProperty("aud").GetString());
        BankServer.ShouldBe(token, BankServer.Accounts);
    }

    [Fact]
    public async Task Details_that_are_for_another_API_than_the_resource_are_refused()
    {
        var request = BankServer.Request($"[{BankServer.Accounts}]", scope: "openid api.read").With("resource", "https://api.example");
        Expect.Error(await new Browser(shared.Server).GetAsync(request.Url), "invalid_authorization_details", BankServer.Callback);
        Expect.Form(await BankServer.AskAsync(await shared.NewUserAsync(), request.With("resource", BankServer.Bank)), "consent");
    }

    [Fact]
    public async Task An_API_whose_details_a_client_may_have_is_not_the_clients_without_them()
    {
        var request = BankServer.Request(null).With("resource", BankServer.Bank);
        Expect.Error(await new Browser(shared.Server).GetAsync(request.Url), "invalid_target", BankServer.Callback);
        Expect.Error(await new Browser(shared.Server).GetAsync(request.With("authorization_details", $"[{BankServer.Folder}]").Url), "invalid_target", BankServer.Callback);
        (await shared.App("robot").PostAsync("token", [("grant_type", "client_credentials"), ("resource", BankServer.Bank)])).ShouldFail("invalid_target");
    }

    [Fact]
    public async Task The_metadata_lists_the_types()
    {
        var metadata = await JsonAnswer.ReadAsync(await shared.Server.Http.GetAsync(".well-known/oauth-authorization-server"));
        Assert.Equal(
            ["accounts", "folder", "not-for-the-shop", "payment", "ping"],
            metadata.Json.GetProperty("authorization_details_types_supported").EnumerateArray().Select(type => type.GetString()).Order());
    }

    private static IEnumerable<(string Name, string? Value)> Pushed(string details) => BankServer.Request(details).All.Select(pair => (pair.Key, (string?)pair.Value));
}

internal static class CreatedAnswers
{
    public static JsonAnswer ShouldBeCreated(this JsonAnswer answer)
    {
        Assert.True(answer.Status == 201, $"{answer.Status} {answer.Json}");
        return answer;
    }
}
