using Azure;
using Azure.Data.Tables;
using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Server.Tests.Account;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Passkeys;

/// <summary>Signing in with a passkey, and what does not.</summary>
public sealed class PasskeyLoginTests
{
    [Theory]
    [InlineData(SoftwareAuthenticator.Es256, true, "swk user")]
    [InlineData(SoftwareAuthenticator.Rs256, true, "swk user")]
    [InlineData(SoftwareAuthenticator.Es256, false, "swk user")]
    public async Task A_passkey_signs_in_and_the_ID_token_says_so(string algorithm, bool isSynced, string methods)
    {
        await using var server = await RunningServer.StartAsync();
        using var authenticator = new SoftwareAuthenticator(algorithm);
        if (!isSynced)
            authenticator.Flags = SoftwareAuthenticator.UserPresent | SoftwareAuthenticator.UserVerified;
        await new Browser(server).AddPasskeyAsync(authenticator);

        var answer = await new Browser(server).SignInAsync(authenticator);
        var tokens = (await new ClientApp(server).RedeemAsync(answer.Parameters["code"])).ShouldBeOk();
        var claims = JsonAnswer.Claims(tokens.IdToken);
        Assert.Equal("alice-subject", claims.GetProperty("sub").GetString());
        Assert.Equal(AuthenticationContexts.Passkey, claims.GetProperty("acr").GetString());
        Assert.Equal(methods, string.Join(' ', claims.GetProperty("amr").EnumerateArray().Select(method => method.GetString())));
    }

    [Fact]
    public async Task The_name_that_the_client_uses_for_the_level_stands_in_its_tokens_and_in_refreshed_ones()
    {
        await using var server = await RunningServer.StartAsync();
        using var authenticator = new SoftwareAuthenticator();
        await new Browser(server).AddPasskeyAsync(authenticator);
        var browser = new Browser(server);
        await browser.SignInAsync(authenticator);
        var answer = await browser.AuthorizeAsync(new AuthorizationParameters(scope: "openid offline_access").With("acr_values", AuthenticationContexts.PhishingResistant));
        var tokens = (await new ClientApp(server).RedeemAsync(answer.Parameters["code"])).ShouldBeOk();
        var refreshed = (await new ClientApp(server).RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        foreach (var token in (string[])[tokens.IdToken, tokens.AccessToken, refreshed.IdToken, refreshed.AccessToken])
            Assert.Equal("phr", JsonAnswer.Claims(token).GetProperty("acr").GetString());
    }

    [Fact]
    public async Task The_login_page_names_no_passkey_and_works_without_script()
    {
        await using var server = await RunningServer.StartAsync();
        using var authenticator = new SoftwareAuthenticator();
        await new Browser(server).AddPasskeyAsync(authenticator);
        var (one, other) = (await new Browser(server).LoginPageAsync(), await new Browser(server).LoginPageAsync());
        Assert.Null(one.PasskeyForm().GetAttribute("data-exclude"));
        Assert.True(one.PasskeyForm().HasAttribute("hidden"));
        Assert.Equal("username webauthn", one.Document.QuerySelector("#username")!.GetAttribute("autocomplete"));
        Assert.Equal("login.example", one.PasskeyForm().GetAttribute("data-rp"));
        Assert.Equal(43, one.Challenge().Length);
        Assert.NotEqual(one.Challenge(), other.Challenge());
        Assert.Contains("script-src 'self'", one.Response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", one.Response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_is_good_once_and_for_five_minutes()
    {
        await using var server = await RunningServer.StartAsync();
        using var authenticator = new SoftwareAuthenticator();
        await new Browser(server).AddPasskeyAsync(authenticator);

        var browser = new Browser(server);
        var page = await browser.LoginPageAsync();
        var fields = page.WithPasskey(authenticator);
        Assert.NotNull((await browser.PostLoginAsync(fields)).Location);
        (await browser.PostLoginAsync(fields)).ShouldBeRefused();

        page = await browser.LoginPageAsync();
        server.Clock.Advance(TimeSpan.FromSeconds(300));
        Assert.NotNull((await browser.SignInAsync(authenticator, page)).Location);
        page = await browser.LoginPageAsync();
        server.Clock.Advance(TimeSpan.FromSeconds(301));
        (await browser.SignInAsync(authenticator, page)).ShouldBeRefused("That took too long");
        // Nobody but the server knows which challenge belongs to another time.
        page = await browser.LoginPageAsync();
        fields = page.WithPasskey(authenticator);
        fields["passkey_at"] = $"{long.Parse(fields["passkey_at"], null) + 1}";
        (await browser.PostLoginAsync(fields)).ShouldBeRefused();
    }

    [Fact]
    public async Task A_wrong_answer_uses_the_challenge_up_and_the_page_has_a_new_one()
    {
        await using var server = await RunningServer.StartAsync();
        using var authenticator = new SoftwareAuthenticator();
        await new Browser(server).AddPasskeyAsync(authenticator);
        var browser = new Browser(server);
        var page = await browser.LoginPageAsync();
        var good = page.WithPasskey(authenticator);
        var refused = await browser.PostLoginAsync(new Dictionary<string, string>(good) { ["passkey_signature"] = "AAAA" });
        refused.ShouldBeRefused();
        Assert.NotEqual(page.Challenge(), refused.Challenge());
        (await browser.PostLoginAsync(good)).ShouldBeRefused();
        // The page that was refused last has the challenge that counts; so has a page that is loaded anew.
        Assert.NotNull((await browser.SignInAsync(authenticator, await browser.GetAsync($"login?request={good["request"]}"))).Location);
    }

    [Fact]
    public async Task An_answer_to_another_request_or_of_another_browser_signs_nobody_in()
    {
        await using var server = await RunningServer.StartAsync();
        using var authenticator = new SoftwareAuthenticator();
        await new Browser(server).AddPasskeyAsync(authenticator);
        var (victim, thief) = (new Browser(server), new Browser(server));
        var (own, other) = (await victim.LoginPageAsync(), await thief.LoginPageAsync());

        // The thief relays the own challenge to the person, whose browser says so in no way: only the origin protects. But the answer to the
        // person's own page is of no use elsewhere.
        var stolen = own.WithPasskey(authenticator);
        Assert.True((int)(await thief.PostLoginAsync(stolen)).Status >= 400);
        var moved = other.WithPasskey(authenticator);
        foreach (var field in stolen.Keys.Where(name => name.StartsWith("passkey_", StringComparison.Ordinal)))
            moved[field] = stolen[field];
        (await thief.PostLoginAsync(moved)).ShouldBeRefused();
        var second = await victim.LoginPageAsync();
        var mixed = second.WithPasskey(authenticator);
        foreach (var field in stolen.Keys.Where(name => name.StartsWith("passkey_", StringComparison.Ordinal)))
            mixed[field] = stolen[field];
        (await victim.PostLoginAsync(mixed)).ShouldBeRefused();
        Assert.NotNull((await victim.PostLoginAsync(stolen)).Location);
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Of_twenty_equal_answers_at_once_one_signs_in(BackEnd backEnd)
    {
        await using var server = await RunningServer.StartAsync(new TestStorage(backEnd).Setup());
        using var authenticator = new SoftwareAuthenticator();
        await new Browser(server).AddPasskeyAsync(authenticator);
        var browser = new Browser(server);
        var fields = (await browser.LoginPageAsync()).WithPasskey(authenticator);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => browser.PostLoginAsync(fields))));
        Assert.Single(answers, answer => answer.Location is not null);
    }

    [Fact]
    public async Task The_user_handle_must_be_the_account_s_own()
    {
        await using var server = await RunningServer.StartAsync();
        using var authenticator = new SoftwareAuthenticator();
        await new Browser(server).AddPasskeyAsync(authenticator);
        using var bobs = new SoftwareAuthenticator();
        await new Browser(server).AddPasskeyAsync(bobs, username: "bob");
        Assert.Equal(32, authenticator.UserHandle.Length);
        foreach (var handle in (byte[][])[bobs.UserHandle, [], authenticator.UserHandle[..31], [.. authenticator.UserHandle, 0], "alice-subject"u8.ToArray()])
        {
            var browser = new Browser(server);
            var fields = (await browser.LoginPageAsync()).WithPasskey(authenticator);
            fields["passkey_user_handle"] = System.Buffers.Text.Base64Url.EncodeToString(handle);
            (await browser.PostLoginAsync(fields)).ShouldBeRefused();
        }
    }

    [Fact]
    public async Task A_passkey_of_nobody_or_with_the_key_of_somebody_else_is_refused()
    {
        await using var server = await RunningServer.StartAsync();
        using var authenticator = new SoftwareAuthenticator();
        using var stranger = new SoftwareAuthenticator { UserHandle = new byte[32] };
        (await new Browser(server).SignInAsync(stranger)).ShouldBeRefused();
        await new Browser(server).AddPasskeyAsync(authenticator);
        // The right id and handle, and another key.
        using var copy = new SoftwareAuthenticator { Id = authenticator.Id, UserHandle = authenticator.UserHandle };
        (await new Browser(server).SignInAsync(copy)).ShouldBeRefused();
    }

    [Fact]
    public async Task A_counter_that_goes_back_is_refused_and_told()
    {
        await using var server = await RunningServer.StartAsync();
        using var authenticator = new SoftwareAuthenticator { SignCount = 5 };
        var browser = new Browser(server);
        await browser.AddPasskeyAsync(authenticator);
        foreach (var (count, isGood) in new (uint, bool)[] { (5, false), (4, false), (0, false), (6, true), (6, false), (uint.MaxValue, true), (7, false) })
        {
            authenticator.SignCount = count;
            var answer = await new Browser(server).SignInAsync(authenticator);
            if (isGood)
                Assert.NotNull(answer.Location);
            else
                answer.ShouldBeRefused();
        }
        Assert.Contains(server.Log.Lines, line => line.Contains("The counter of a passkey of alice-subject went back", StringComparison.Ordinal));
        Assert.Contains((await browser.AccountAsync("activity")).Rows(), row => row.Contains("there may be a copy of it", StringComparison.Ordinal));
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Of_twenty_answers_with_one_count_one_signs_in(BackEnd backEnd)
    {
        await using var server = await RunningServer.StartAsync(new TestStorage(backEnd).Setup());
        using var authenticator = new SoftwareAuthenticator { SignCount = 5 };
        await new Browser(server).AddPasskeyAsync(authenticator);
        authenticator.SignCount = 6;
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => new Browser(server).SignInAsync(authenticator))));
        Assert.Single(answers, answer => answer.Location is not null);
    }

    [Fact]
    public async Task A_disabled_account_says_so_to_its_owner_only()
    {
        await using var server = await RunningServer.StartAsync();
        using var authenticator = new SoftwareAuthenticator();
        await new Browser(server).AddPasskeyAsync(authenticator);
        await server.SetDisabledAsync("alice-subject", true);
        (await new Browser(server).SignInAsync(authenticator)).ShouldBeRefused("This account is disabled.");
        authenticator.Signature = signature => [.. signature[..^1], (byte)(signature[^1] ^ 1)];
        (await new Browser(server).SignInAsync(authenticator)).ShouldBeRefused();
    }

    [Fact]
    public async Task A_deleted_account_has_no_passkeys_and_frees_their_ids()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(storage.Setup());
        using var authenticator = new SoftwareAuthenticator();
        var browser = new Browser(server);
        await browser.AddPasskeyAsync(authenticator);
        await browser.PasskeysAsync(authenticator);
        await browser.PressAsync(await browser.AccountAsync("delete"), "delete", null, ("username", "alice"));
        (await new Browser(server).SignInAsync(authenticator)).ShouldBeRefused();
        server.Clock.Advance(TimeSpan.FromMinutes(11));
        await server.Get<Protocol.Deletion.AccountDeletion>().PruneAsync(server.Clock.GetUtcNow(), default);
        Assert.Empty(await storage.RowsAsync("Credentials"));
        Assert.Empty(await storage.RowsAsync("CredentialIds"));
    }

    [Fact]
    public async Task A_passkey_signs_in_while_nobody_may_guess_passwords()
    {
        await using var server = await RunningServer.StartAsync();
        using var authenticator = new SoftwareAuthenticator();
        await new Browser(server).AddPasskeyAsync(authenticator);
        var stranger = new Browser(server);
        for (var i = 0; i < 11; i++)
            await stranger.LoginAsync(await stranger.LoginPageAsync(), password: "wrong");
        var other = new Browser(server);
        Assert.Null((await other.LoginAsync(await other.LoginPageAsync())).Location);
        Assert.NotNull((await new Browser(server).SignInAsync(authenticator)).Location);
    }

    [Fact]
    public async Task A_login_that_began_before_everybody_was_signed_out_is_one_of_before()
    {
        await using var server = await RunningServer.StartAsync();
        using var authenticator = new SoftwareAuthenticator();
        await new Browser(server).AddPasskeyAsync(authenticator);
        var browser = new Browser(server);
        Assert.NotNull((await browser.SignInAsync(authenticator)).Location);
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(await server.Get<Accounts>().SetPasswordAsync("alice", "another-long-phrase", default));
        Assert.True((await browser.FollowAsync(await browser.GetAsync("account/profile"))).HasForm("login"));
        Assert.NotNull((await new Browser(server).SignInAsync(authenticator)).Location);
    }

    [Fact]
    public async Task Without_passkeys_nothing_asks_for_one()
    {
        foreach (var setting in (Dictionary<string, string?>[])[new() { ["Passkeys:Enabled"] = "false" }, new() { ["Issuer"] = "https://127.0.0.1" }])
        {
            await using var server = await RunningServer.StartAsync(new ServerSetup { Settings = setting });
            var browser = new Browser(server);
            using var authenticator = new SoftwareAuthenticator();
            if (!setting.ContainsKey("Issuer"))
            {
                var page = await browser.LoginPageAsync();
                Assert.Null(page.Document.QuerySelector("[data-passkey]"));
                Assert.Equal("username", page.Document.QuerySelector("#username")!.GetAttribute("autocomplete"));
                Assert.Equal(404, (int)(await browser.AccountAsync("passkeys")).Status);
            }
            Assert.Equal(404, (int)(await browser.GetAsync(".well-known/passkey-endpoints")).Status);
        }
    }

    [Fact]
    public async Task A_request_that_an_earlier_release_parked_asks_for_no_passkey()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(storage.Setup());
        var browser = new Browser(server);
        var page = await browser.LoginPageAsync();
        var row = (await storage.RowsAsync("Requests")).Single();
        row.Remove("PasskeySecret");
        await storage["Requests"].UpdateEntityAsync(row, ETag.All, TableUpdateMode.Replace);
        var again = await browser.GetAsync($"login?request={page.PasskeyForm().Fields()["request"]}");
        Assert.Null(again.Document.QuerySelector("[data-passkey]"));
        Assert.NotNull((await browser.LoginAsync(again)).Location);
    }

    [Fact]
    public async Task Neither_the_log_nor_the_audit_has_what_a_passkey_says()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(storage.Setup());
        using var authenticator = new SoftwareAuthenticator();
        await new Browser(server).AddPasskeyAsync(authenticator, "Secret name");
        var browser = new Browser(server);
        var page = await browser.LoginPageAsync();
        var fields = page.WithPasskey(authenticator);
        await browser.PostLoginAsync(fields);
        var said = fields.Where(field => field.Key.StartsWith("passkey_", StringComparison.Ordinal) && field.Key != "passkey_at").Select(field => field.Value).Append(page.Challenge()).Append("Secret name");
        foreach (var secret in said)
        {
            Assert.DoesNotContain(server.Log.Lines, line => line.Contains(secret, StringComparison.Ordinal));
            Assert.DoesNotContain(await storage.RowsAsync("Audit"), row => row.Any(value => value.Value?.ToString()?.Contains(secret, StringComparison.Ordinal) == true));
        }
        Assert.Equal(Passkey.KeyOf(authenticator.Id), (await storage.RowsAsync("CredentialIds")).Single().PartitionKey);
    }
}
