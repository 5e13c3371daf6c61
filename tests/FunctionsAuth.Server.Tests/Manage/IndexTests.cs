using Azure;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Deletion;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Prune;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Manage;

/// <summary>The rows by which operators find people follow whatever changes a user or a consent.</summary>
public sealed class IndexTests : IAsyncLifetime
{
    private readonly TestStorage storage = new(BackEnd.Memory);
    private RunningServer server = null!;

    private IUserStore Users => server.Get<IUserStore>();

    public async Task InitializeAsync() => server = await RunningServer.StartAsync(storage.Setup());

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Users_are_found_in_the_order_of_their_names_part_by_part(BackEnd backEnd)
    {
        var tables = new TestStorage(backEnd);
        await using var other = await RunningServer.StartAsync(tables.Setup() with { Import = false });
        string[] names = ["Zoë", "ann", "anna", "Änne", "anne@example.org", "李雷", "anna-b", new string('a', 250)];
        foreach (var name in names)
            Assert.True(await other.Get<IUserStore>().TryCreateAsync(NewUser(name), false, default));
        Assert.True(await other.Get<IUserStore>().TryCreateAsync(NewUser("bob", "Anton@example.com"), false, default));
        var directory = other.Get<IUserDirectory>();

        var inOrder = names.Append("bob").Select(LoginName.Normalize).OrderBy(name => Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(name)), StringComparer.Ordinal);
        foreach (var most in (int[])[2, 1000])
        {
            Assert.Equal(inOrder, (await AllAsync(directory, "", most)).Select(SubjectOfName));
            Assert.Equal(["ann", "anna", "anna-b", "anne@example.org", "bob"], (await AllAsync(directory, "AN", most)).Select(SubjectOfName));
        }
        Assert.Equal([new string('a', 250)], await AllAsync(directory, new string('a', 201), 1000));
        Assert.Empty(await AllAsync(directory, new string('a', 201) + "b", 1000));
        Assert.Equal(["李雷"], await AllAsync(directory, "李", 1000));
        Assert.Empty(await AllAsync(directory, "nobody", 1000));
        foreach (var madeUp in (string[])["x", "n~", ""])
            Assert.Equal("invalid_request", (await Assert.ThrowsAsync<OAuthException>(() => directory.FindAsync("an", new(2, madeUp), default))).Error);

        // A part costs one operation, or a second one where the usernames end and the addresses begin.
        tables.Script.Arm();
        await directory.FindAsync("", new(2, null), default);
        Assert.Single(tables.Script.Operations);
        tables.Script.Arm();
        await directory.FindAsync("an", ListRequest.First, default);
        Assert.Equal(2, tables.Script.Operations.Count);
    }

    [Fact]
    public async Task Whoever_changes_names_and_groups_is_found_by_the_new_ones()
    {
        Assert.True(await Users.TryCreateAsync(NewUser("cara", "cara@example.com") with { Groups = ["one"] }, false, default));
        await ChangeAsync("cara", user => user with { Username = "dora", Claims = user.ClaimsWith("dora@mail.example"), Groups = ["two"] });
        Assert.Empty(await FindAsync("cara"));
        Assert.Equal(["cara"], await FindAsync("dora"));
        Assert.Equal(["cara"], await FindAsync("dora@mail"));
        Assert.Empty(await MembersAsync("one"));
        Assert.Equal(["cara"], await MembersAsync("two"));

        // A name that is taken leaves nothing.
        Assert.False(await Users.TryCreateAsync(NewUser("second", "alice@example.com") with { Groups = ["one"] }, false, default)
            || await Users.TryCreateAsync(NewUser("alice") with { Subject = "other", Groups = ["one"] }, false, default));
        Assert.Empty(await FindAsync("second"));
        Assert.Empty(await MembersAsync("one"));
    }

    [Fact]
    public async Task A_change_of_neither_names_nor_groups_is_one_operation()
    {
        var user = (await Users.FindAsync("alice-subject", default))!;
        storage.Script.Arm();
        Assert.True((await Users.TrySaveAsync(user with { FailedLogins = 1 }, default)).Won);
        Assert.Equal("Users replace", Assert.Single(storage.Script.Operations).ToString());
    }

    [Fact]
    public async Task What_fails_after_the_user_was_written_fails_nobody_and_what_fails_before_leaves_the_user()
    {
        await ChangeAsync("alice-subject", user => user with { Groups = ["one"] });
        var user = (await Users.FindAsync("alice-subject", default))!;
        storage.Script.Arm(new Fault(FaultKind.Status503, Applied: false, At: 1));
        Assert.True((await Users.TrySaveAsync(user with { Groups = [] }, default)).Won);
        Assert.Equal(["alice-subject"], await MembersAsync("one"));
        await server.Get<IGroupMembers>().ForgetAsync("one", "alice-subject", default);
        Assert.Empty(await MembersAsync("one"));

        user = (await Users.FindAsync("alice-subject", default))!;
        storage.Script.Arm(new Fault(FaultKind.Status503, Applied: false, At: 0));
        await Assert.ThrowsAsync<TemporarilyUnavailableException>(() => Users.TrySaveAsync(user with { Groups = ["one"] }, default));
        Assert.Empty((await Users.FindAsync("alice-subject", default))!.Groups);
    }

    [Fact]
    public async Task A_reader_forgets_only_what_the_record_contradicts()
    {
        await ChangeAsync("alice-subject", user => user with { Groups = ["one"] });
        await server.Get<IGroupMembers>().ForgetAsync("one", "alice-subject", default);
        await server.Get<IUserDirectory>().ForgetAsync("alice", "alice-subject", default);
        Assert.Equal(["alice-subject"], await MembersAsync("one"));
        Assert.Equal(["alice-subject"], await FindAsync("alice"));
    }

    [Fact]
    public async Task People_go_to_and_fro_at_once_and_no_entry_is_missing()
    {
        for (var round = 0; round < 3; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => ChangeAsync("alice-subject", user => user with { Groups = i % 2 == 0 ? ["one"] : [] }))));
            var groups = (await Users.FindAsync("alice-subject", default))!.Groups;
            if (groups.Count > 0)
                Assert.Equal(["alice-subject"], await MembersAsync("one"));
        }
    }

    [Fact]
    public async Task Who_gave_a_client_access_is_found_until_it_is_taken_back()
    {
        var (app, alice) = (new ClientApp(server, "third-party"), new Browser(server));
        // The table is there.
        Assert.Empty(await storage.RowsAsync("ClientUsers"));
        storage.Script.Arm();
        await alice.CodeAsync(app, "third-party", "openid profile");
        Assert.Equal(1, storage.Script.Operations.Count(operation => operation.Table == "ClientUsers"));
        Assert.Equal(["alice-subject"], await ClientUsersAsync());
        await server.Get<IClientUsers>().ForgetAsync("third-party", "alice-subject", default);
        Assert.Equal(["alice-subject"], await ClientUsersAsync());

        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await server.Get<ConsentKeeper>().RevokeAsync("alice-subject", "third-party", AuditActor.Person, default);
        await server.Get<IClientUsers>().ForgetAsync("third-party", "alice-subject", default);
        Assert.Empty(await ClientUsersAsync());

        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await alice.CodeAsync(app, "third-party", "openid profile");
        Assert.Equal(["alice-subject"], await ClientUsersAsync());
    }

    [Fact]
    public async Task A_deleted_account_is_in_no_index()
    {
        await ChangeAsync("alice-subject", user => user with { Groups = ["one"] });
        await new Browser(server).CodeAsync(new ClientApp(server, "third-party"), "third-party", "openid profile");
        var user = (await Users.FindAsync("alice-subject", default))!;
        // Its entries could not be taken out at once.
        storage.Script.Before = operation =>
        {
            if (operation.Table is "UserNames" or "GroupMembers")
                throw new RequestFailedException(503, "The server is busy.", "ServerBusy", null);
        };
        await server.Get<AccountDeletion>().BeginAsync(user, default);
        storage.Script.Before = null;
        Assert.Contains(await storage.RowsAsync("UserNames"), row => row.GetString("Subject") == "alice-subject");
        server.Clock.Advance(TimeSpan.FromMinutes(11));
        await server.Get<Pruner>().RunAsync(default);
        foreach (var table in (string[])["UserNames", "GroupMembers", "ClientUsers"])
            Assert.DoesNotContain(await storage.RowsAsync(table), row => row.GetString("Subject") == "alice-subject");
    }

    private static User NewUser(string name, string? email = null) => new()
    {
        Subject = name,
        Username = name,
        Claims = email is null ? [] : new() { ["email"] = email, ["email_verified"] = true },
    };

    private static string SubjectOfName(string subject) => LoginName.Normalize(subject);

    private Task ChangeAsync(string subject, Func<User, User> change) => ChangeAsync(Users, subject, change);

    private static async Task ChangeAsync(IUserStore users, string subject, Func<User, User> change) =>
        await CompareAndSwap.ChangeAsync(await users.FindAsync(subject, default), user => change(user!), users.TrySaveAsync, default);

    private Task<List<string>> FindAsync(string prefix) => AllAsync(server.Get<IUserDirectory>(), prefix, 1000);

    private async Task<IReadOnlyList<string>> MembersAsync(string group) => (await server.Get<IGroupMembers>().ListAsync(group, ListRequest.First, default)).Items;

    private async Task<IReadOnlyList<string>> ClientUsersAsync() => (await server.Get<IClientUsers>().ListAsync("third-party", ListRequest.First, default)).Items;

    private static async Task<List<string>> AllAsync(IUserDirectory directory, string prefix, int most)
    {
        List<string> all = [];
        for (ListRequest? request = new ListRequest(most, null); request is { } part;)
        {
            var page = await directory.FindAsync(prefix, part, default);
            Assert.InRange(page.Items.Count, 0, most);
            all.AddRange(page.Items);
            request = page.Next is null ? null : part with { After = page.Next };
        }
        return all;
    }
}
