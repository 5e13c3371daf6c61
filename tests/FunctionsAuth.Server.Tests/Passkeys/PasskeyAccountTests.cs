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
        var page = await browser.AddPasskeyAsync(key, "Key");
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
            var refused = await browser.PressAsync(await browser.AccountAsync("passkeys"), "rename", null, ("name", name));
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
        Assert.Equal(422, (int)(await browser.PostAsync(Address, page.NewPasskey(second))).Status);
        page = await browser.AccountAsync("passkeys");
        server.Clock.Advance(TimeSpan.FromSeconds(299));
        var late = page.NewPasskey(second);
        server.Clock.Advance(TimeSpan.FromSeconds(2));
        // The login is too old by then, too.
        Assert.Null((await browser.PostAsync(Address, late)).Done());
        Assert.Single((await browser.AccountAsync("passkeys")).Rows());
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
        forged["form_token"] = "A" + forged["form_token"][1..];
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

        for (var i = 1; i < 20; i++)
        {
            using var next = new SoftwareAuthenticator();
            Assert.NotNull((await browser.AddPasskeyAsync(next)).Done());
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
            page = await browser.AddPasskeyAsync(authenticator);
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
            var isThere = (await browser.AccountAsync("passkeys")).Rows().Count == 1;
            Assert.Equal(isThere, (await new Browser(server).SignInAsync(authenticator)).Location is not null);
            // The same authenticator can try again.
            Assert.True(isThere || (await browser.AddPasskeyAsync(authenticator)).Done() is not null, $"{at}");
            if (answer.Done() is not null && at > 8)
                break;
        }
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
