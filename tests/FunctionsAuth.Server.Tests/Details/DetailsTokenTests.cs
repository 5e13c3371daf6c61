using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Details;

/// <summary>What tokens and the answers about them say of authorization details: RFC 9396 §6, §7 and §9.</summary>
public sealed class DetailsTokenTests(BankServer shared) : IClassFixture<BankServer>
{
    private const string Here = """{"type":"folder","path":"/here","locations":["https://API.example/"]}""";
    private const string There = """{"type":"folder","path":"/there","locations":["https://plain.example"]}""";

    [Fact]
    public async Task The_answer_and_the_token_say_what_was_granted()
    {
        var tokens = await shared.TokensAsync($"[{BankServer.Payment},{BankServer.Accounts}]");
        BankServer.ShouldBe(tokens.Json, BankServer.Payment, BankServer.Accounts);
        var token = JsonAnswer.Claims(tokens.AccessToken);
        BankServer.ShouldBe(token, BankServer.Payment, BankServer.Accounts);
        Assert.Contains(BankServer.Bank, token.GetProperty("aud").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public async Task Without_details_there_is_no_member_for_them()
    {
        var tokens = await shared.TokensAsync("[]");
        Assert.Null(BankServer.DetailsOf(tokens.Json));
        Assert.Null(BankServer.DetailsOf(JsonAnswer.Claims(tokens.AccessToken)));
    }

    [Fact]
    public async Task A_token_for_one_API_has_only_what_is_for_it()
    {
        const string all = $"[{BankServer.Accounts},{BankServer.Folder},{Here},{There}]";
        var tokens = await shared.TokensAsync(all, scope: "openid offline_access api.read", changes: [("resource", BankServer.Bank)]);
        BankServer.ShouldBe(tokens.Json, BankServer.Accounts, BankServer.Folder);
        BankServer.ShouldBe(JsonAnswer.Claims(tokens.AccessToken), BankServer.Accounts, BankServer.Folder);
        tokens = (await shared.App().RefreshAsync(tokens.RefreshToken, ("resource", "https://plain.example"))).ShouldBeOk();
        BankServer.ShouldBe(tokens.Json, BankServer.Folder, There);
        tokens = (await shared.App().RefreshAsync(tokens.RefreshToken, ("resource", "https://api.example"))).ShouldBeOk();
        BankServer.ShouldBe(tokens.Json, BankServer.Folder, Here);
    }

    [Fact]
    public async Task A_refresh_keeps_them_and_narrows_one_token_and_not_the_grant()
    {
        var tokens = await shared.TokensAsync($"[{BankServer.Payment},{BankServer.Accounts}]");
        tokens = (await shared.App().RefreshAsync(tokens.RefreshToken, ("authorization_details", $"[{BankServer.Accounts}]"))).ShouldBeOk();
        BankServer.ShouldBe(tokens.Json, BankServer.Accounts);
        BankServer.ShouldBe(JsonAnswer.Claims(tokens.AccessToken), BankServer.Accounts);
        tokens = (await shared.App().RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        BankServer.ShouldBe(tokens.Json, BankServer.Payment, BankServer.Accounts);
    }

    [Fact]
    public async Task The_order_of_members_and_the_spelling_of_a_number_do_not_matter_when_a_token_is_narrowed()
    {
        var code = await shared.CodeAsync($"[{BankServer.Payment},{BankServer.Accounts}]");
        var same = """[{"creditor":"Green Grocer","amount":{"currency":"EUR","value":25.50},"type":"payment"}]""";
        BankServer.ShouldBe((await shared.App().RedeemAsync(code, ("authorization_details", same))).ShouldBeOk().Json, BankServer.Payment);
    }

    [Theory]
    [InlineData("""[{"type":"payment","amount":{"value":25.51,"currency":"EUR"},"creditor":"Green Grocer"}]""")]
    [InlineData("""[{"type":"payment","amount":{"value":1,"currency":"EUR"},"creditor":"Green Grocer"}]""")]
    [InlineData("""[{"type":"accounts","actions":["history","balance"],"accounts":[{"iban":"DE02100100100006820101"},{"iban":"DE02500105170137075030","name":"Savings"}]}]""")]
    [InlineData("""[{"type":"accounts","actions":["balance"]}]""")]
    [InlineData("""[{"type":"folder","path":"/"}]""")]
    [InlineData("""[{"type":"unknown"}]""")]
    [InlineData("nothing")]
    public async Task What_was_not_granted_just_so_is_refused_and_the_code_stays_good(string details)
    {
        var code = await shared.CodeAsync($"[{BankServer.Payment},{BankServer.Accounts}]");
        (await shared.App().RedeemAsync(code, ("authorization_details", details))).ShouldFail("invalid_authorization_details");
        var tokens = (await shared.App().RedeemAsync(code)).ShouldBeOk();
        (await shared.App().RefreshAsync(tokens.RefreshToken, ("authorization_details", details))).ShouldFail("invalid_authorization_details");
        (await shared.App().RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
    }

    [Fact]
    public async Task One_that_was_granted_once_is_not_given_twice()
    {
        var code = await shared.CodeAsync($"[{BankServer.Payment}]");
        (await shared.App().RedeemAsync(code, ("authorization_details", $"[{BankServer.Payment},{BankServer.Payment}]"))).ShouldFail("invalid_authorization_details");
    }

    [Fact]
    public async Task Who_names_a_detail_of_another_API_than_the_resource_is_told()
    {
        var code = await shared.CodeAsync($"[{BankServer.Accounts}]", scope: "openid api.read");
        (await shared.App().RedeemAsync(code, ("authorization_details", $"[{BankServer.Accounts}]"), ("resource", "https://api.example"))).ShouldFail("invalid_authorization_details");
    }

    [Fact]
    public async Task A_grant_without_details_gets_none_at_the_token_endpoint()
    {
        var code = await shared.CodeAsync("[]");
        (await shared.App().RedeemAsync(code, ("authorization_details", $"[{BankServer.Accounts}]"))).ShouldFail("invalid_authorization_details");
    }

    [Theory]
    [InlineData("openid offline_access", null)]
    [InlineData("openid offline_access", BankServer.Bank)]
    [InlineData(null, null)]
    public async Task Without_its_details_an_API_gets_no_token(string? scope, string? resource)
    {
        var request = BankServer.Request($"[{BankServer.Accounts},{BankServer.Folder}]", scope: scope).With("resource", resource);
        var code = (await (await shared.NewUserAsync()).AuthorizeAsync(request)).Parameters["code"];
        (await shared.App().RedeemAsync(code, ("authorization_details", "[]"), ("resource", BankServer.Bank))).ShouldFail("invalid_target");
        (await shared.App().RedeemAsync(code, ("authorization_details", $"[{BankServer.Folder}]"), ("resource", BankServer.Bank))).ShouldFail("invalid_target");
        BankServer.ShouldBe((await shared.App().RedeemAsync(code, ("authorization_details", $"[{BankServer.Accounts}]"), ("resource", BankServer.Bank))).ShouldBeOk().Json, BankServer.Accounts);
    }

    [Fact]
    public async Task Introspection_shows_them_to_the_client_and_to_an_API_what_is_for_it()
    {
        var tokens = await shared.TokensAsync($"[{BankServer.Accounts},{BankServer.Folder},{There}]");
        BankServer.ShouldBe((await shared.App().IntrospectAsync(tokens.AccessToken)).ShouldBeOk().Json, BankServer.Accounts, BankServer.Folder, There);
        BankServer.ShouldBe((await shared.App("bank").IntrospectAsync(tokens.AccessToken)).ShouldBeOk().Json, BankServer.Accounts, BankServer.Folder);
        BankServer.ShouldBe((await shared.App().IntrospectAsync(tokens.RefreshToken)).ShouldBeOk().Json, BankServer.Accounts, BankServer.Folder, There);
    }

    [Fact]
    public async Task A_reference_token_has_them_in_its_record()
    {
        var tokens = await shared.TokensAsync($"[{BankServer.Payment}]", "opaque");
        BankServer.ShouldBe(tokens.Json, BankServer.Payment);
        BankServer.ShouldBe((await shared.App("bank").IntrospectAsync(tokens.AccessToken)).ShouldBeOk().Json, BankServer.Payment);
    }

    [Fact]
    public async Task The_largest_ones_fit_into_a_grant_and_into_a_reference_token()
    {
        var large = $"[{string.Join(',', Enumerable.Range(0, 31).Select(index => $$"""{"type":"folder","path":"{{index}}{{new string('x', 290)}}"}"""))}]";
        var uri = (await shared.App("opaque").PostAsync("par", BankServer.Request(large, "opaque").All.Select(pair => (pair.Key, (string?)pair.Value)))).ShouldBeCreated()["request_uri"]!;
        var answer = await (await shared.NewUserAsync()).AuthorizeAsync(new AuthorizationParameters("opaque").With("request_uri", uri));
        var tokens = (await shared.App("opaque").RedeemAsync(answer.Parameters["code"])).ShouldBeOk();
        Assert.Equal(31, tokens.Json.GetProperty("authorization_details").GetArrayLength());
        Assert.Equal(31, (await shared.App("opaque").IntrospectAsync(tokens.AccessToken)).ShouldBeOk().Json.GetProperty("authorization_details").GetArrayLength());
    }

    [Fact]
    public async Task A_client_gets_for_itself_what_it_may_have()
    {
        var tokens = (await RobotAsync($"[{BankServer.Accounts}]")).ShouldBeOk();
        BankServer.ShouldBe(tokens.Json, BankServer.Accounts);
        var token = JsonAnswer.Claims(tokens.AccessToken);
        BankServer.ShouldBe(token, BankServer.Accounts);
        Assert.Equal((BankServer.Bank, "robot"), (token.GetProperty("aud").GetString(), token.GetProperty("sub").GetString()));
        Assert.False(token.TryGetProperty("scope", out _));
        tokens = (await RobotAsync($"[{BankServer.Accounts}]", ("scope", "api.read"))).ShouldBeOk();
        Assert.Equal(["https://api.example", BankServer.Bank], JsonAnswer.Claims(tokens.AccessToken).GetProperty("aud").EnumerateArray().Select(name => name.GetString()));
        (await RobotAsync($"[{BankServer.Accounts}]", ("resource", "https://api.example"))).ShouldFail("invalid_authorization_details");
    }

    [Fact]
    public async Task But_nothing_of_a_type_of_which_a_person_is_always_asked() =>
        (await RobotAsync($"[{BankServer.Payment}]")).ShouldFail("invalid_authorization_details");

    [Fact]
    public async Task The_password_grant_has_none()
    {
        await shared.ChangeAsync("own", client => client with { GrantTypes = ["authorization_code", "password"] });
        var answer = await shared.App("own").PostAsync("token", [("grant_type", "password"), ("username", "alice"), ("password", RunningServer.Password), ("authorization_details", $"[{BankServer.Accounts}]")]);
        answer.ShouldFail("invalid_authorization_details");
    }

    [Fact]
    public async Task What_the_operator_takes_from_the_client_no_token_has_any_more()
    {
        var own = new BankServer();
        await own.InitializeAsync();
        var tokens = await own.TokensAsync($"[{BankServer.Payment},{BankServer.Accounts}]");
        await own.ChangeAsync("shop", client => client with { AuthorizationDetailsTypes = ["accounts"] });
        BankServer.ShouldBe((await own.App().IntrospectAsync(tokens.AccessToken)).ShouldBeOk().Json, BankServer.Accounts);
        BankServer.ShouldBe((await own.App().IntrospectAsync(tokens.RefreshToken)).ShouldBeOk().Json, BankServer.Accounts);
        var refreshed = (await own.App().RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        BankServer.ShouldBe(refreshed.Json, BankServer.Accounts);
        (await own.App().RefreshAsync(refreshed.RefreshToken, ("authorization_details", $"[{BankServer.Payment}]"))).ShouldFail("invalid_authorization_details");
        await own.DisposeAsync();
    }

    /// <summary>The server reads what it has written, however long it is.</summary>
    [Fact]
    public async Task A_token_with_as_many_details_as_there_may_be_is_introspected_and_revoked()
    {
        var large = $"[{string.Join(',', Enumerable.Range(0, 32).Select(index => $$"""{"type":"folder","path":"{{index}}{{new string('x', 290)}}"}"""))}]";
        var tokens = await shared.TokensAsync(large);
        Assert.True((await shared.App().IntrospectAsync(tokens.AccessToken)).ShouldBeOk().IsActive);
        (await shared.App().RevokeAsync(tokens.AccessToken)).ShouldBeOk();
        Assert.False((await shared.App().IntrospectAsync(tokens.AccessToken)).ShouldBeOk().IsActive);
        (await shared.App().RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
    }

    private Task<JsonAnswer> RobotAsync(string details, params (string Name, string? Value)[] more) =>
        shared.App("robot").PostAsync("token", [("grant_type", "client_credentials"), ("authorization_details", details), .. more]);
}
