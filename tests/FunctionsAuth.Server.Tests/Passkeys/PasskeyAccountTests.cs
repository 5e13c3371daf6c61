using System.Text.Json;
using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Server.Tests.Account;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Passkeys;

/// <summary>The account page of passkeys.</summary>
public sealed class PasskeyAccountTests
{
    private const string Address = $"{RunningServer.Issuer}/account/passkeys";

    [Fact]
    public async Task A_person_adds_renames_and_removes_passkeys()
    {
        await using var server = await RunningServer.StartAsync();
        var browser = new Browser(server);
        using var phone = new SoftwareAuthenticator();
        using var key = new SoftwareAuthenticator(SoftwareAuthenticator.Rs256) { Flags = SoftwareAuthenticator.UserPresent | SoftwareAuthenticator.UserVerified };
        Assert.Equal("The passkey is added. From now on it signs you in.", (await browser.AddPasskeyAsync(phone, "Phone")).Done());
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        var page = await browser.AddPasskeyAsync(key, "Key", known: phone);
        Assert.Equal(["Phone Synced", "Key On one device"], page.Document.QuerySelectorAll(".rows h2").Select(heading => heading.TextContent.Trim()));
        // What has to be left out when the next one is made.
        Assert.Equal(
            $"{Text(phone.Id)} hybrid internal,{Text(key.Id)} hybrid internal", page.PasskeyForm().GetAttribute("data-exclude"));

        page = await browser.PressAsync(page, "rename", "Phone", ("name", "My phone"));
        Assert.Contains(page.Rows(), row => row.StartsWith("My phone Synced", StringComparison.Ordinal));
        await new Browser(server).SignInAsync(phone);
        Assert.Contains("Last used 1 March 2040", (await browser.AccountAsync("passkeys")).Rows()[0], StringComparison.Ordinal);
        page = await browser.PressAsync(page, "remove", Passkey.KeyOf(phone.Id));
        Assert.StartsWith("Key On one device", Assert.Single(page.Rows()), StringComparison.Ordinal);
        (await new Browser(server).SignInAsync(phone)).ShouldBeRefused();
        Assert.NotNull((await new Browser(server).SignInAsync(key)).Location);
        Assert.Equal("That passkey was removed already.", (await browser.PostAsync(Address, Removal(page, phone))).Problem());

        var events = (await browser.AccountAsync("activity")).Rows();
        foreach (var text in (string[])["You added a passkey.", "You renamed a passkey.", "You removed a passkey."])
            Assert.Contains(events, row => row.Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Names_are_text_and_visible()
    {
        await using var server = await RunningServer.StartAsync();
        var browser = new Browser(server);
        using var authenticator = new SoftwareAuthenticator();
        const string Markup = "\"><script>alert(1)</script><b>";
        var page = await browser.AddPasskeyAsync(authenticator, Markup);
        Assert.StartsWith(Markup, page.Document.QuerySelector(".rows h2")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(page.Document.QuerySelectorAll(".rows script, .rows b"));
        Assert.DoesNotContain("<script>alert", page.Body, StringComparison.Ordinal);
        foreach (var name in (string[])["", "   ", new string('x', 61), "a\nb", "a\u202Eb"])
        {
            var refused = await browser.PressAsync(await browser.PasskeysAsync(authenticator), "rename", null, ("name", name));
            Assert.Equal(422, (int)refused.Status);
            Assert.StartsWith(Markup, refused.Document.QuerySelector(".rows h2")!.TextContent, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_challenge_for_a_new_passkey_is_good_once_in_one_session_for_five_minutes()
    {
        await using var server = await RunningServer.StartAsync();
        var (browser, other) = (new Browser(server), new Browser(server));
        using var first = new SoftwareAuthenticator();
        using var second = new SoftwareAuthenticator();
        var page = await browser.AccountAsync("passkeys");
        var elsewhere = await other.AccountAsync("passkeys");
        var fields = page.NewPasskey(first);
        // The same person in another browser.
        var moved = elsewhere.NewPasskey(first);
        foreach (var field in fields.Keys.Where(name => name.StartsWith("passkey_", StringComparison.Ordinal)))
            moved[field] = fields[field];
        Assert.Equal(422, (int)(await other.PostAsync(Address, moved)).Status);
        // That used it up.
        Assert.Equal(422, (int)(await browser.PostAsync(Address, fields)).Status);

        page = await browser.AccountAsync("passkeys");
        Assert.NotNull((await browser.PostAsync(Address, page.NewPasskey(first))).Done());
        page = await browser.PasskeysAsync(first);
        var again = page.NewPasskey(second);
        Assert.NotNull((await browser.PostAsync(Address, again)).Done());
        using var third = new SoftwareAuthenticator();
        Assert.Equal(422, (int)(await browser.PostAsync(Address, page.NewPasskey(third))).Status);
        page = await browser.PasskeysAsync(first);
        server.Clock.Advance(TimeSpan.FromSeconds(299));
        var late = page.NewPasskey(third);
        server.Clock.Advance(TimeSpan.FromSeconds(2));
        // The login is too old by then, too.
        Assert.Null((await browser.PostAsync(Address, late)).Done());
        Assert.Equal(2, (await browser.PasskeysAsync(first)).Rows().Count);
    }

    [Fact]
    public async Task It_needs_a_new_login_and_a_form_of_its_own()
    {
        await using var server = await RunningServer.StartAsync();
        var browser = new Browser(server);
        using var authenticator = new SoftwareAuthenticator();
        var page = await browser.AccountAsync("passkeys");
        server.Clock.Advance(TimeSpan.FromMinutes(6));
        var answer = await browser.PostAsync(Address, page.NewPasskey(authenticator));
        Assert.Contains("max_age", answer.Location, StringComparison.Ordinal);
        page = await browser.AccountAsync("passkeys");
        var forged = page.NewPasskey(authenticator);
        forged["form_token"] = (forged["form_token"][0] == 'A' ? "B" : "A") + forged["form_token"][1..];
        Assert.Null((await browser.PostAsync(Address, forged)).Done());
        Assert.Empty((await browser.AccountAsync("passkeys")).Rows());
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task A_credential_id_is_one_person_s_whoever_else_brings_it(BackEnd backEnd)
    {
        await using var server = await RunningServer.StartAsync(new TestStorage(backEnd).Setup());
        var users = server.Get<IUserStore>();
        var hash = (await users.FindAsync("alice-subject", default))!.PasswordHash;
        var people = Enumerable.Range(0, 20).Select(i => $"person-{i}").ToList();
        foreach (var name in people)
            Assert.True(await users.TryCreateAsync(new User { Subject = name, Username = name, PasswordHash = hash }, true, default));
        var id = new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
        List<(Browser Browser, Dictionary<string, string> Fields)> ready = [];
        foreach (var name in people)
        {
            using var authenticator = new SoftwareAuthenticator { Id = id };
            var browser = new Browser(server);
            ready.Add((browser, (await browser.AccountAsync("passkeys", name)).NewPasskey(authenticator)));
        }
        var answers = await Task.WhenAll(ready.Select(one => Task.Run(() => one.Browser.PostAsync(Address, one.Fields))));
        Assert.Single(answers, answer => answer.Done() is not null);
        Assert.Equal(19, answers.Count(answer => answer.Problem() == "This passkey is used for an account already."));
        var found = await Task.WhenAll(people.Select(name => server.Get<ICredentialStore>().FindAsync(name, default)));
        Assert.Single(found, one => one.Passkeys.Count == 1);
        Assert.Equal(19, found.Count(one => one.Passkeys.Count == 0));
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Two_enrolments_at_once_agree_on_the_user_handle_and_twenty_are_enough(BackEnd backEnd)
    {
        await using var server = await RunningServer.StartAsync(new TestStorage(backEnd).Setup());
        var browser = new Browser(server);
        await browser.AccountAsync("profile");
        var pages = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => browser.AccountAsync("passkeys"))));
        Assert.Single(pages.Select(page => page.PasskeyForm().GetAttribute("data-user")).Distinct());
        // Of several answers to one challenge, one counts.
        var authenticators = pages.Select(_ => new SoftwareAuthenticator()).ToList();
        var answers = await Task.WhenAll(pages.Zip(authenticators).Select(pair => Task.Run(() => browser.PostAsync(Address, pair.First.NewPasskey(pair.Second)))));
        Assert.Single(answers, answer => answer.Done() is not null);
        var known = authenticators[Array.FindIndex(answers, answer => answer.Done() is not null)];

        for (var i = 1; i < 20; i++)
        {
            using var next = new SoftwareAuthenticator();
            Assert.NotNull((await browser.AddPasskeyAsync(next, known: known)).Done());
        }
        var full = await browser.AccountAsync("passkeys");
        Assert.Equal(20, full.Rows().Count);
        Assert.Null(full.Document.QuerySelector("[data-passkey]"));
        authenticators.ForEach(authenticator => authenticator.Dispose());
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task A_person_without_a_password_keeps_one_whatever_is_removed_at_once(BackEnd backEnd)
    {
        await using var server = await RunningServer.StartAsync(new TestStorage(backEnd).Setup());
        var browser = new Browser(server);
        var authenticators = Enumerable.Range(0, 4).Select(_ => new SoftwareAuthenticator()).ToList();
        Answer page = null!;
        foreach (var authenticator in authenticators)
            page = await browser.AddPasskeyAsync(authenticator, known: authenticators[0]);
        var users = server.Get<IUserStore>();
        await CompareAndSwap.ChangeAsync((await users.FindAsync("alice-subject", default))!, user => user! with { PasswordHash = null }, users.TrySaveAsync, default);

        var answers = await Task.WhenAll(authenticators.Select(one => Task.Run(() => browser.PostAsync(Address, Removal(page, one)))));
        Assert.Equal(3, answers.Count(answer => answer.Done() is not null));
        Assert.Equal("This is your only way to sign in. Add another passkey before you remove it.", Assert.Single(answers, answer => answer.Problem() is not null).Problem());
        var left = Assert.Single((await server.Get<ICredentialStore>().FindAsync("alice-subject", default)).Passkeys);
        Assert.NotNull((await new Browser(server).SignInAsync(authenticators.Single(one => one.Id.AsSpan().SequenceEqual(left.Id)))).Location);
        authenticators.ForEach(authenticator => authenticator.Dispose());
    }

    [Fact]
    public async Task A_passkey_that_is_added_while_the_owner_signs_out_everywhere_is_none()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(storage.Setup());
        var thief = new Browser(server);
        using var authenticator = new SoftwareAuthenticator();
        var page = await thief.AccountAsync("passkeys");
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        storage.Script.Arm();
        storage.Script.Meeting = new Rendezvous("CredentialIds insert", "signed out");
        var adding = Task.Run(() => thief.PostAsync(Address, page.NewPasskey(authenticator)));
        await storage.WhenAsync("Credentials replace");
        Assert.NotNull(await server.Get<Accounts>().SetPasswordAsync("alice", "another-long-phrase", default));
        await storage.Script.Meeting.ArriveAsync("signed out");
        Assert.Null((await adding).Done());
        Assert.Empty((await server.Get<ICredentialStore>().FindAsync("alice-subject", default)).Passkeys);
        Assert.Empty(await storage.RowsAsync("CredentialIds"));
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task What_is_interrupted_anywhere_leaves_a_passkey_or_none(BackEnd backEnd)
    {
        for (var at = 0; ; at++)
        {
            var storage = new TestStorage(backEnd);
            await using var server = await RunningServer.StartAsync(storage.Setup());
            var browser = new Browser(server);
            using var authenticator = new SoftwareAuthenticator();
            var page = await browser.AccountAsync("passkeys");
            storage.Script.Arm(new Fault(FaultKind.Status503, false, at));
            var answer = await browser.PostAsync(Address, page.NewPasskey(authenticator));
            storage.Script.Arm();
            var isThere = (await browser.PasskeysAsync(authenticator)).Rows().Count == 1;
            Assert.Equal(isThere, (await new Browser(server).SignInAsync(authenticator)).Location is not null);
            // The same authenticator can try again.
            Assert.True(isThere || (await browser.AddPasskeyAsync(authenticator)).Done() is not null, $"{at}");
            if (answer.Done() is not null && at > 8)
                break;
        }
    }

    [Fact]
    public async Task Whoever_has_a_passkey_must_show_one_to_change_them()
    {
        await using var server = await RunningServer.StartAsync();
        using var own = new SoftwareAuthenticator();
        using var bobs = new SoftwareAuthenticator();
        await new Browser(server).AddPasskeyAsync(own);
        await new Browser(server).AddPasskeyAsync(bobs, username: "bob");

        // Somebody who knows the password only.
        var browser = new Browser(server);
        foreach (var route in (string[])["passkeys", "password", "totp", "username", "delete"])
            Assert.True((await browser.AccountAsync(route)).HasForm("second_factor"), route);
        var page = await browser.AccountAsync("passkeys");
        var refused = await browser.PostFactorAsync(page.WithPasskey(bobs));
        Assert.Equal("That passkey belongs to another account.", refused.Problem());
        var answered = refused.WithPasskey(own);
        Assert.Equal("Your passkeys", (await browser.FollowAsync(await browser.PostFactorAsync(answered))).Heading());
        Assert.True((int)(await new Browser(server).PostFactorAsync(answered)).Status >= 400);
        Assert.Contains("1 passkey", (await browser.AccountAsync("security")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_for_a_passkey_asks_for_it_and_leads_to_a_first_one()
    {
        await using var server = await RunningServer.StartAsync();
        using var authenticator = new SoftwareAuthenticator();
        var browser = new Browser(server);
        var request = new AuthorizationParameters("web").With("claims", JsonSerializer.Serialize(new { id_token = new { acr = new { essential = true, value = AuthenticationContexts.Passkey } } }));
        var page = await browser.FollowAsync(await browser.LoginAsync(await browser.FollowAsync(await browser.GetAsync(request.Url))));
        var add = page.Document.QuerySelector("#passkeys")!.GetAttribute("href")!;
        var added = await browser.PostAsync(Address, (await browser.GetAsync(add)).NewPasskey(authenticator));
        var back = await browser.FollowAsync(await browser.GetAsync(new Uri(new Uri(Address), added.Document.QuerySelector("#continue")!.GetAttribute("href")!).AbsoluteUri));
        var answer = await browser.FollowAsync(await browser.PostFactorAsync(back.WithPasskey(authenticator)));
        var tokens = (await new ClientApp(server).RedeemAsync(answer.Parameters["code"])).ShouldBeOk();
        Assert.Equal(AuthenticationContexts.Passkey, JsonAnswer.Claims(tokens.IdToken).GetProperty("acr").GetString());
    }

    [Fact]
    public async Task Password_managers_find_the_page()
    {
        await using var server = await RunningServer.StartAsync();
        var answer = await new Browser(server).GetAsync(".well-known/passkey-endpoints");
        using var json = JsonDocument.Parse(answer.Body);
        Assert.Equal(Address, json.RootElement.GetProperty("enroll").GetString());
        Assert.Equal(Address, json.RootElement.GetProperty("manage").GetString());
        Assert.Equal("application/json", answer.Response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task A_parent_domain_may_be_the_RP_ID_and_then_other_passkeys_sign_nobody_in()
    {
        var storage = new TestStorage(BackEnd.Memory);
        using var authenticator = new SoftwareAuthenticator { RelyingPartyId = "login.corp.example", Origin = RunningServer.Issuer };
        using var wide = new SoftwareAuthenticator { RelyingPartyId = "login.example" };
        await using (var server = await RunningServer.StartAsync(storage.Setup(("PublicUrl", "https://login.example"), ("Passkeys:RelyingPartyId", "login.example"))))
            Assert.NotNull((await new Browser(server).AddPasskeyAsync(wide)).Done());
        Assert.Equal(0, await CountOthersAsync(storage, "login.example"));
        Assert.Equal(1, await CountOthersAsync(storage, "login.other.example"));
        Assert.Throws<InvalidOperationException>(() => StartWith("example.org"));
        Assert.Throws<InvalidOperationException>(() => StartWith("example"));
        Assert.Throws<InvalidOperationException>(() => StartWith("ogin.example"));
        Assert.Throws<InvalidOperationException>(() => StartWith("LOGIN.example"));

        static void StartWith(string id)
        {
            var problems = new Protocol.Configuration.ServerOptions { Issuer = new Uri(RunningServer.Issuer), Passkeys = new() { RelyingPartyId = id } }.Problems().ToList();
            if (problems.Exists(problem => problem.StartsWith("Passkeys:RelyingPartyId", StringComparison.Ordinal)))
                throw new InvalidOperationException(problems[0]);
        }

        static async Task<int> CountOthersAsync(TestStorage storage, string id)
        {
            await using var server = await RunningServer.StartAsync(storage.Setup() with { Import = false });
            return await server.Get<IPasskeyStore>().CountOthersAsync(id, default);
        }
    }

    private static Dictionary<string, string> Removal(Answer page, SoftwareAuthenticator authenticator) => new()
    {
        ["form_token"] = page.Document.QuerySelector("input[name=form_token]")!.GetAttribute("value")!,
        ["action"] = "remove",
        ["passkey"] = Passkey.KeyOf(authenticator.Id),
    };

    private static string Text(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
