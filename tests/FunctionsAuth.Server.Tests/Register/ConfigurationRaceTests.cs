using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Register;

/// <summary>Changes of one client at once. They are held back until each has read it, so that no order helps.</summary>
public sealed class ConfigurationRaceTests
{
    private const int Many = 12;

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Of_many_changes_at_once_the_last_one_stands_and_all_have_the_same_new_token(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var one = await RunningServer.StartAsync(Registrar.OpenTo(storage));
        await using var two = await RunningServer.StartAsync(Registrar.OpenTo(storage));
        var client = await new Registrar(one).RegisterOkAsync();

        storage.Script.Meeting = new Rendezvous([.. Enumerable.Repeat("Clients replace", Many)]);
        var answers = await Task.WhenAll(Enumerable.Range(0, Many).Select(i => Task.Run(
            () => new Registrar(i % 2 == 0 ? one : two).PutAsync(client, Registrar.Metadata(("client_name", $"Name {i}"), ("client_uri", $"https://app.example/{i}"))))));
        Assert.True(storage.Script.Meeting.IsComplete, storage.Script.Meeting.Missing);
        storage.Script.Meeting = null;

        Assert.All(answers, answer => answer.ShouldBeOk());
        Assert.Single(answers.Select(Registrar.TokenOf).Distinct());
        var last = (await new Registrar(one).GetAsync(answers[0])).ShouldBeOk();
        // One of them as a whole, no mixture.
        Assert.Equal(last["client_uri"], $"https://app.example/{last["client_name"]![5..]}");
        (await new Registrar(two).GetAsync(client)).ShouldFail("invalid_token", 401);
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task A_change_and_a_deletion_at_once_end_in_a_deleted_client(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var server = await RunningServer.StartAsync(Registrar.OpenTo(storage));
        var registrar = new Registrar(server);
        var before = await storage.CountAsync("Clients");
        for (var round = 0; round < 10; round++)
        {
            var client = await registrar.RegisterOkAsync();
            storage.Script.Meeting = new Rendezvous(["Clients replace", "Clients delete"]);
            var change = Task.Run(() => registrar.PutAsync(client, Registrar.Metadata(("client_name", "Two"))));
            var deletion = Task.Run(() => registrar.DeleteAsync(client));
            await Task.WhenAll(change, deletion);
            storage.Script.Meeting = null;
            (await deletion).ShouldBeGone();
            // Either it came first, or there was nothing left to change.
            if ((await change).Status != 200)
                (await change).ShouldFail("invalid_token", 401);
            (await registrar.GetAsync(client)).ShouldFail("invalid_token", 401);
            if ((await change).Status == 200)
                (await registrar.GetAsync(await change)).ShouldFail("invalid_token", 401);
        }
        Assert.Equal(before, await storage.CountAsync("Clients"));
    }

    [Fact]
    public async Task A_use_that_is_written_down_meanwhile_is_no_conflict_that_anyone_notices()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(Registrar.OpenTo(storage));
        var registrar = new Registrar(server);
        var client = await registrar.RegisterOkAsync();
        var touched = false;
        storage.Script.Before = operation =>
        {
            if (operation.ToString() != "Clients replace" || touched)
                return;
            touched = true;
            server.Get<FunctionsAuth.Protocol.Clients.IClientStore>().TouchAsync(client["client_id"]!, server.Clock.GetUtcNow() + TimeSpan.FromDays(1), default).GetAwaiter().GetResult();
        };
        (await registrar.PutAsync(client, Registrar.Metadata(("client_name", "Two")))).ShouldBeOk();
        Assert.True(touched);
        Assert.Equal("Two", (await registrar.GetAsync(client)).ShouldBeOk()["client_name"]);
    }
}
