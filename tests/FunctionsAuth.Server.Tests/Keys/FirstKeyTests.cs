using Azure.Security.KeyVault.Keys;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Server.Tests.Harness;
using static FunctionsAuth.Server.Tests.Keys.VaultSceneServers;

namespace FunctionsAuth.Server.Tests.Keys;

/// <summary>Instances that start at the same moment on an empty vault, or an empty table, agree on the keys within a second.</summary>
public sealed class FirstKeyTests
{
    [Fact]
    public async Task Two_instances_that_make_the_first_key_at_once_agree_a_second_later()
    {
        await using var scene = new VaultScene();
        // Neither sees a key of the other before it has made its own, of each type.
        var servers = await ReadTogetherAsync(scene, 2, "create", "vault");
        Assert.Equal(4, scene.Vault.Count("create"));

        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        // The first request begins to read again, and soon they are the same: both publish all four, and one signs.
        await Patience.UntilAsync(async () => (await Task.WhenAll(servers.Select(server => PublishedKeys.ReadAsync(server)))).All(set => set.Kids.Count() == 4));
        foreach (var client in (string[])["web", "post"])
        {
            var tokens = await Task.WhenAll(servers.Select(server => new ClientApp(server, client).LoginAsync("openid")));
            Assert.Single(tokens.Select(token => KidOf(token.ShouldBeOk().IdToken)).Distinct());
        }
        Assert.Equal(4, scene.Vault.Count("create"));
    }

    [Fact]
    public async Task An_instance_that_starts_a_moment_later_uses_the_key_that_is_there()
    {
        await using var scene = new VaultScene();
        var one = await scene.StartAsync();
        var two = await scene.StartAsync();
        Assert.Equal(KidOf(await one.TokenAsync()), KidOf(await two.TokenAsync()));
        Assert.Equal(2, scene.Vault.Count("create"));
        Assert.Equal((2, 0), (one.Events(2004).Count, two.Events(2004).Count));
    }

    [Fact]
    public async Task In_wrapped_mode_instances_that_start_at_once_make_one_key_of_each_type()
    {
        await using var scene = new VaultScene();
        await scene.Vault.Keys.CreateRsaKeyAsync(new CreateRsaKeyOptions("wrapping-rsa"));
        // All have made their keys before the first of them stands in the table.
        var servers = await ReadTogetherAsync(scene, 3, "wrap", "wrapped");
        var published = await Task.WhenAll(servers.Select(server => PublishedKeys.ReadAsync(server)));
        Assert.All(published, set => Assert.Equal(2, set.Kids.Count()));
        Assert.Equal(2, published.SelectMany(set => set.Kids).Distinct().Count());
        var tokens = await Task.WhenAll(servers.Select(server => server.TokenAsync()));
        Assert.Single(tokens.Select(KidOf).Distinct());
        Assert.All(tokens, token => Assert.True(published[0].Verify(token)));
        Assert.Equal(2, await scene.Storage.CountAsync("SigningKeys"));
    }

    /// <summary>Starts instances that can't read, and then lets them do it at the same moment: no call of that kind goes on before all have come to it.</summary>
    private static async Task<IReadOnlyList<RunningServer>> ReadTogetherAsync(VaultScene scene, int instances, string kind, string mode)
    {
        scene.Vault.Fail(mode == "wrapped" ? "get" : "versions", () => ScriptedVaultFaults.Status(503));
        List<RunningServer> servers = [];
        for (var i = 0; i < instances; i++)
            servers.Add(await scene.StartAsync(("Keys:Mode", mode)));
        var meeting = new Rendezvous([.. Enumerable.Repeat(kind, 2 * instances)]);
        scene.Vault.Before = call => call.Kind == kind ? meeting.ArriveAsync(kind) : Task.CompletedTask;
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAll(servers.Select(server => server.Get<SigningKeys>().WarmAsync(CancellationToken.None)));
        Assert.True(meeting.IsComplete, meeting.Missing);
        return servers;
    }
}
