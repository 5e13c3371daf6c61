using System.Net;
using System.Text.Json.Nodes;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Protocol.Users.Hashes;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>People keep the passwords that they had in another system, and get a hash of this server's own when they sign in.</summary>
public sealed class ImportedHashTests : IAsyncLifetime
{
    private const string Password = "a password of before";
    private const string Bcrypt = "$2b$10$3x5lF3VseWH4UqfdMuc0IuR1zxK1rtPMkmPDM.nXFK11h0uje08xS";

    private RunningServer server = null!;
    private Browser browser = null!;
    private Answer page = null!;

    public async Task InitializeAsync()
    {
        server = await RunningServer.StartAsync();
        browser = new Browser(server);
        page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    // Made by hashlib of Python 3 (PBKDF2), bcryptjs 3.0.3 and hash-wasm 4.13.0 (Argon2).
    [Theory]
    [InlineData("AAABAgMEBQYHCAkKCwwNDg9aAinXG+cI06ABe6ZVQOUTtmm3TZ43zdBPFnYvdWsLcg==")]
    [InlineData("AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg86MtWWNc+1HoFuZgbiPyp/yXJpKT7V88B4T+jyRbf1SQ==")]
    [InlineData("$pbkdf2$i=20000$AAECAwQFBgcICQoLDA0ODw==$FzG+H+zR63LoLSolf077FWgDTr0EZEM6bC8z+4zRWAQSKpyh8oGdDhQ08IDOaQYWJ2A2hqRni/0/xgO8t0Gm7A==")]
    [InlineData("$pbkdf2-sha256$i=27500$AAECAwQFBgcICQoLDA0ODw==$l5BXN7Ac1KrAsPdJdIOG/k9HC17C9f37Mah+xxyeusGVBH1Y0csWvE9mlo1DsvZRl16ZPflLvxLE/9IM7J/oyQ==")]
    [InlineData("$pbkdf2-sha512$i=30000$AAECAwQFBgcICQoLDA0ODw==$KRJ8FiMFL0jbwKZHTxREOfZ675aNTaRjXSHbHEr4eCm+KD4GAPmL32FGXxz2k4yoYGmB3ZQJ4ydGczrEVXg/fw==")]
    [InlineData("$2a$10$3x5lF3VseWH4UqfdMuc0IuR1zxK1rtPMkmPDM.nXFK11h0uje08xS")]
    [InlineData(Bcrypt)]
    [InlineData("$2y$04$JDU0t.Q9T01NXsxNocduUeIie3cHgtdBk9MpTwwe6jOVg86fIdUgy")]
    [InlineData("$argon2id$v=19$m=7168,t=5,p=1$AAECAwQFBgcICQoLDA0ODw==$dmWBQNtvdeeRvNWJG4GlnGTE0t3tamf2ps8voZ60HXw=")]
    [InlineData("$argon2id$v=19$m=1024,t=2,p=4$AAECAwQFBgcICQoLDA0ODw$CwU+3PeNWT60aOlkHvc0QNd+7lv085ruFw5OoLWjPy8")]
    public async Task A_person_signs_in_with_the_password_of_another_system(string hash)
    {
        await ImportAsync(hash);
        foreach (var wrong in (string[])["", "A password of before", Password + " ", hash])
            await FailAsync(wrong);
        Assert.Equal(hash, await StoredAsync());

        Expect.Code(await browser.LoginAsync(page, "carol", Password));
        var own = await StoredAsync();
        Assert.True(StoredHash.Of(own).IsOwn && StoredHash.Of(own).Matches(Password));

        Expect.Code(await browser.LoginAsync(page, "carol", Password));
        await FailAsync("another password");
        Assert.Equal(own, await StoredAsync());
        Assert.DoesNotContain(server.Log.Lines, line => line.Contains(hash, StringComparison.Ordinal) || line.Contains(own, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_password_that_was_hashed_as_it_was_typed_becomes_a_hash_of_its_normal_form()
    {
        // bcryptjs 3.0.3, of the decomposed form.
        await ImportAsync("$2b$04$PDMpXAcahpx4rnSJxk6LzOMSRBnI67u38THKhpgQIrWz6US/Hrt1K");
        Expect.Code(await browser.LoginAsync(page, "carol", "Zoe\u0308 signs in here"));
        Expect.Code(await browser.LoginAsync(page, "carol", "Zo\u00eb signs in here"));
    }

    [Fact]
    public async Task Whoever_signs_in_twice_at_once_for_the_first_time_is_signed_in_twice()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var two = await RunningServer.StartAsync(storage.Setup());
        await LocalServer.ImportAsync(two.Services, $$"""{ "users": [{ "username": "carol", "subject": "carol", "password_hash": "{{Bcrypt}}" }] }""");
        Browser[] browsers = [new(two), new(two)];
        List<Answer> pages = [];
        foreach (var one in browsers)
            pages.Add(await one.FollowAsync(await one.GetAsync(new AuthorizationParameters().Url)));
        // Both passwords were looked at before either hash is replaced.
        storage.Script.Meeting = new Rendezvous("Users replace", "Users replace");
        var answers = await Task.WhenAll(browsers.Zip(pages).Select(pair => Task.Run(() => pair.First.LoginAsync(pair.Second, "carol", Password))));
        Assert.All(answers, answer => Expect.Code(answer));
    }

    [Fact]
    public async Task Whoever_signed_in_elsewhere_while_the_password_was_looked_at_is_signed_in_and_has_no_failure()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var two = await RunningServer.StartAsync(storage.Setup());
        await LocalServer.ImportAsync(two.Services, $$"""{ "users": [{ "username": "carol", "subject": "carol", "password_hash": "{{Bcrypt}}" }] }""");
        Browser first = new(two), second = new(two);
        var here = await first.FollowAsync(await first.GetAsync(new AuthorizationParameters().Url));
        var there = await second.FollowAsync(await second.GetAsync(new AuthorizationParameters().Url));
        Answer? elsewhere = null;
        var began = false;
        storage.Script.Before = operation =>
        {
            if (operation.ToString() != "Users replace" || began)
                return;
            began = true;
            elsewhere = second.LoginAsync(there, "carol", Password).GetAwaiter().GetResult();
        };
        Expect.Code(await first.LoginAsync(here, "carol", Password));
        Expect.Code(elsewhere!);
        var user = (await two.Get<IUserStore>().FindAsync("carol", default))!;
        Assert.True(StoredHash.Of(user.PasswordHash!).IsOwn);
        Assert.Equal(0, user.FailedLogins);
    }

    [Theory]
    [InlineData("$2b$10$not-a-hash")]
    [InlineData("$argon2id$v=19$m=2147483647,t=1,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODw")]
    [InlineData("$6$salt$hash")]
    [InlineData("neither base64 nor anything else")]
    public async Task A_stored_hash_that_can_not_be_read_lets_nobody_in_and_breaks_nothing(string text)
    {
        Assert.True(await server.Get<IUserStore>().TryCreateAsync(new User { Subject = "carol", Username = "carol", PasswordHash = text }, byOperator: true, default));
        await FailAsync(Password);
        Assert.Equal(text, await StoredAsync());
    }

    private Task ImportAsync(string hash) => LocalServer.ImportAsync(server.Services, new JsonObject
    {
        ["users"] = new JsonArray(new JsonObject { ["username"] = "carol", ["subject"] = "carol", ["password_hash"] = hash }),
    }.ToJsonString());

    private async Task<string> StoredAsync() => (await server.Get<IUserStore>().FindAsync("carol", default))!.PasswordHash!;

    private async Task FailAsync(string password) =>
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.LoginAsync(page, "carol", password)).Status);
}
