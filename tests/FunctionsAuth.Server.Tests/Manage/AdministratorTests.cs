using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Deletion;
using FunctionsAuth.Protocol.Import;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Server.Tests.Account;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Manage;

/// <summary>The last administrator can't go, by whatever way and whoever else goes at the same time.</summary>
public sealed class AdministratorTests
{
    private const string Group = "administrators";

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Of_administrators_who_all_go_at_once_exactly_one_stays(BackEnd backEnd)
    {
        const int many = 9;
        var storage = new TestStorage(backEnd);
        await using var one = await RunningServer.StartAsync(storage.Setup() with { Import = false });
        await using var two = await RunningServer.StartAsync(storage.Setup() with { Import = false });
        List<User> administrators = [];
        for (var i = 0; i < many; i++)
            administrators.Add(await MakeAsync(one, $"admin{i}", Group));
        // All of them have read the guard before one of them writes it.
        storage.Script.Meeting = new Rendezvous([.. Enumerable.Repeat("Administrators transaction", many)]);

        var went = await Task.WhenAll(administrators.Select((user, i) => Task.Run(() => GoesAsync(i % 2 == 0 ? one : two, user, i % 3))));

        Assert.Equal(many - 1, went.Count(gone => gone));
        var left = Assert.Single(await AdministratorsAsync(one, administrators));
        Assert.Equal(administrators[Array.IndexOf(went, false)].Subject, left.Subject);
        Assert.False(await GoesAsync(two, left, 0));
        // Nothing but the guard and the one who stayed is left.
        Assert.Equal(2, (await storage.RowsAsync("Administrators")).Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_last_one_stays_until_there_is_another(int way)
    {
        await using var server = await RunningServer.StartAsync();
        var ada = await MakeAsync(server, "ada", Group);
        await MakeAsync(server, "ben");
        Assert.False(await GoesAsync(server, ada, way));
        Assert.Equal(["ada"], (await AdministratorsAsync(server, [ada])).Select(user => user.Subject));

        await server.Get<Accounts>().ChangeGroupsAsync("ben", [Group], [], default);
        Assert.True(await GoesAsync(server, ada, way));
        Assert.False(await GoesAsync(server, (await server.Get<IUserStore>().FindAsync("ben", default))!, way));
    }

    [Fact]
    public async Task Neither_an_import_nor_the_own_account_page_takes_the_last_one()
    {
        await using var server = await RunningServer.StartAsync();
        await server.Get<Accounts>().ChangeGroupsAsync("alice", [Group], [], default);
        var alice = new Browser(server);
        var page = await alice.PressAsync(await alice.AccountAsync("delete"), "delete", null, ("username", "alice"));
        Assert.Contains("You are the last administrator", page.Problem(), StringComparison.Ordinal);
        Assert.Equal(409, (int)page.Status);
        Assert.Equal("alice-subject", await server.Get<IUserStore>().FindSubjectAsync("alice", default));

        var refusal = await Assert.ThrowsAsync<ImportException>(() => LocalServer.ImportAsync(server.Services, """
            { "users": [{ "username": "alice", "groups": [], "claims": { "email": "new@example.com", "email_verified": true } }] }
            """));
        Assert.Contains("is the last administrator", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("alice-subject", await server.Get<IUserStore>().FindSubjectAsync("alice@example.com", default));
        Assert.Null(await server.Get<IUserStore>().FindSubjectAsync("new@example.com", default));
    }

    [Fact]
    public async Task Nobody_else_pays_for_it()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(storage.Setup());
        storage.Script.Arm();
        await server.Get<Accounts>().DisableAsync("alice", default);
        Assert.DoesNotContain(storage.Script.Operations, operation => operation.Table is "Administrators" or "GroupMembers");
    }

    [Fact]
    public async Task Administrators_of_before_there_were_notes_count()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(storage.Setup());
        var (ada, ben) = (await MakeAsync(server, "ada", Group), await MakeAsync(server, "ben", Group));
        foreach (var row in await storage.RowsAsync("Administrators"))
            await storage["Administrators"].DeleteEntityAsync(row.PartitionKey, row.RowKey);
        Assert.True(await GoesAsync(server, ada, 0));
        Assert.False(await GoesAsync(server, ben, 0));
    }

    [Fact]
    public async Task A_note_on_somebody_who_is_no_administrator_counts_for_nothing()
    {
        await using var server = await RunningServer.StartAsync();
        var ada = await MakeAsync(server, "ada", Group);
        await server.Get<IAdministratorStore>().NoteAsync("alice-subject", default);
        Assert.False(await GoesAsync(server, ada, 1));
        Assert.Equal(["ada"], (await server.Get<IAdministratorStore>().ReadAsync(default)).Subjects);
    }

    [Fact]
    public async Task Whoever_is_about_to_go_does_not_count_and_a_write_that_was_held_up_for_long_is_refused()
    {
        await using var server = await RunningServer.StartAsync();
        var (ada, ben) = (await MakeAsync(server, "ada", Group), await MakeAsync(server, "ben", Group));
        var users = server.Get<IUserStore>();
        // It began, and its write is on its way.
        await server.Get<Administrators>().BeginDepartureAsync(ada, users, default);
        Assert.False(await GoesAsync(server, ben, 0));
        server.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.True(await GoesAsync(server, ben, 0));
        Assert.NotEqual(ada.Version, (await users.FindAsync("ada", default))!.Version);
        await Assert.ThrowsAsync<LastAdministratorException>(() => CompareAndSwap.ChangeAsync(ada, user => user!.Disable(server.Clock.GetUtcNow()), users.TrySaveAsync, default));
    }

    private static async Task<User> MakeAsync(RunningServer server, string name, params string[] groups)
    {
        Assert.True(await server.Get<IUserStore>().TryCreateAsync(new User { Subject = name, Username = name, Groups = groups }, false, default));
        return (await server.Get<IUserStore>().FindAsync(name, default))!;
    }

    private static async Task<List<User>> AdministratorsAsync(RunningServer server, IEnumerable<User> asked)
    {
        var read = await Task.WhenAll(asked.Select(user => server.Get<IUserStore>().FindAsync(user.Subject, default)));
        return [.. read.OfType<User>().Where(server.Get<Administrators>().Has)];
    }

    private static async Task<bool> GoesAsync(RunningServer server, User user, int way)
    {
        try
        {
            await (way switch
            {
                0 => server.Get<Accounts>().ChangeGroupsAsync(user.Username, [], [Group], default),
                1 => server.Get<Accounts>().DisableAsync(user.Username, default),
                _ => server.Get<AccountDeletion>().BeginAsync(user, default),
            });
            return true;
        }
        catch (LastAdministratorException)
        {
            return false;
        }
    }
}
