using System.Net;
using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using FunctionsAuth.Functions;
using FunctionsAuth.Protocol.Prune;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>A name that nobody has behaves as a user's does, also under the load that an attacker puts on storage.</summary>
public sealed class DecoyTests : IAsyncLifetime
{
    private const string Nobody = "nobody";

    private readonly TestStorage storage = new(BackEnd.Memory);
    private RunningServer server = null!;
    private Browser browser = null!;
    private Answer page = null!;

    public async Task InitializeAsync()
    {
        server = await RunningServer.StartAsync(storage.Setup(("Lockout:MaxFailures", "100")) with
        {
            Services = services => services.Configure<TestServerOptions>(options => options.PreserveExecutionContext = true),
        });
        browser = new Browser(server);
        page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        // The table is there as those of the users are.
        await GuessAsync("somebody-else");
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData(0, HttpStatusCode.UnprocessableEntity)]
    [InlineData(1, HttpStatusCode.UnprocessableEntity)]
    [InlineData(7, HttpStatusCode.UnprocessableEntity)]
    [InlineData(100, HttpStatusCode.ServiceUnavailable)]
    public async Task A_guess_meets_writes_at_the_same_name_as_one_at_a_user_does(int writes, HttpStatusCode expected)
    {
        await GuessAsync("alice");
        await GuessAsync(Nobody);
        var known = await GuessWhileAsync("alice", writes, () => TouchAsync("Users", _ => true));
        var unknown = await GuessWhileAsync(Nobody, writes, () => TouchAsync("Decoys", _ => true));
        Assert.Equal(expected, known.Status);
        Assert.Equal(known, unknown);
    }

    [Fact]
    public async Task Two_first_guesses_at_once_cost_what_two_at_a_user_cost()
    {
        var known = await TwiceAsync("alice", "Users replace");
        var unknown = await TwiceAsync(Nobody, "Decoys insert");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, known.Status);
        Assert.Equal(known, unknown);
    }

    [Fact]
    public async Task Writes_at_other_unknown_names_do_not_touch_it()
    {
        await GuessAsync(Nobody);
        var quiet = await GuessWhileAsync(Nobody, 0, () => Task.CompletedTask);
        var own = (await RowsAsync("Decoys")).Single(row => row.GetInt32("FailedLogins") == 2).RowKey;
        // Their hashes begin alike, as the hashes of many do.
        var alike = Enumerable.Range(0, 100_000).Select(i => $"nobody-{i}").Where(name => FirstByte(name) == FirstByte(Nobody)).Take(3).ToList();
        foreach (var name in alike)
            await GuessAsync(name);
        Assert.Equal(2 + alike.Count, await storage.CountAsync("Decoys"));
        Assert.Equal(quiet, await GuessWhileAsync(Nobody, 100, () => TouchAsync("Decoys", row => row.RowKey != own)));
        Assert.Equal(3, (await RowsAsync("Decoys")).Single(row => row.RowKey == own).GetInt32("FailedLogins"));
    }

    [Fact]
    public async Task Any_number_of_guesses_at_one_name_leaves_one_record()
    {
        var before = await storage.CountAsync("Decoys");
        foreach (var name in (string[])[Nobody, Nobody, "NOBODY", "Nobody"])
            await GuessAsync(name);
        Assert.Equal(before + 1, await storage.CountAsync("Decoys"));
    }

    [Fact]
    public async Task Names_too_long_to_be_anybodys_leave_one_record_together()
    {
        var before = await storage.CountAsync("Decoys");
        for (var i = 0; i < 3; i++)
            await GuessAsync(new string('x', 400 + i));
        Assert.Equal(before + 1, await storage.CountAsync("Decoys"));
    }

    [Fact]
    public async Task Records_of_unknown_names_are_pruned_two_days_later()
    {
        await GuessAsync(Nobody);
        Assert.Equal(2, await storage.CountAsync("Decoys"));
        server.Clock.Advance(TimeSpan.FromHours(24));
        await PruneAsync();
        Assert.Equal(2, await storage.CountAsync("Decoys"));
        var users = await storage.CountAsync("Users");
        server.Clock.Advance(TimeSpan.FromHours(24));
        await PruneAsync();
        Assert.Equal(0, await storage.CountAsync("Decoys"));
        Assert.Equal(users, await storage.CountAsync("Users"));
    }

    private Task PruneAsync() => new PruneFunction(server.Get<Pruner>()).Run(new TimerInfo(), CancellationToken.None);

    private Task<Answer> GuessAsync(string username) => browser.LoginAsync(page, username, "guess");

    /// <summary>What a guess is answered, and what it costs, when somebody writes between its reads and its first writes.</summary>
    private async Task<Seen> GuessWhileAsync(string username, int writes, Func<Task> write)
    {
        storage.Script.Before = operation =>
        {
            // Tables in memory answer at once.
            if (operation is { Table: "Users" or "Decoys", Kind: "replace" or "insert" } && writes-- > 0)
                Assert.True(write().IsCompletedSuccessfully);
        };
        using var meter = new MeterCounts();
        var answer = await GuessAsync(username);
        storage.Script.Before = null;
        return new Seen(answer.Status, meter.StorageOperations.Count);
    }

    private async Task<Seen> TwiceAsync(string username, string operation)
    {
        storage.Script.Meeting = new Rendezvous(operation, operation);
        using var meter = new MeterCounts();
        var answers = await Task.WhenAll(Task.Run(() => GuessAsync(username)), Task.Run(() => GuessAsync(username)));
        Assert.True(storage.Script.Meeting.IsComplete, storage.Script.Meeting.Missing);
        storage.Script.Meeting = null;
        return new Seen(Assert.Single(answers.Select(answer => answer.Status).Distinct()), meter.StorageOperations.Count);
    }

    /// <summary>Writes rows as they are, which gives them another version.</summary>
    private async Task TouchAsync(string table, Func<TableEntity, bool> isMeant)
    {
        foreach (var row in (await RowsAsync(table)).Where(isMeant))
            await storage[table].UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace);
    }

    private async Task<List<TableEntity>> RowsAsync(string table)
    {
        List<TableEntity> rows = [];
        await foreach (var row in storage[table].QueryAsync<TableEntity>())
            rows.Add(row);
        return rows;
    }

    private static byte FirstByte(string name) => SHA256.HashData(Encoding.UTF8.GetBytes(name))[0];

    private sealed record Seen(HttpStatusCode Status, int Operations);
}
