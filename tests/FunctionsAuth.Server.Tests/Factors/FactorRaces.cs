using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Factors;

/// <summary>20 requests at once: each code has one winner, and wrong ones count one by one.</summary>
public sealed class FactorRaces
{
    private const int Many = 20;

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Of_many_who_send_one_code_at_once_one_signs_in(BackEnd backEnd)
    {
        await using var server = await RunningServer.StartAsync(new TestStorage(backEnd).Setup());
        var app = await Authenticator.SetUpAsync(server, new Browser(server));
        var (store, check) = (server.Get<ICredentialStore>(), server.Get<SecondFactorCheck>());
        foreach (var code in (string[])[app.NextCode(), app.Recovery[0]])
        {
            var factors = (await store.FindAsync("alice-subject", default)).Factors;
            var proofs = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => Task.Run(() => check.VerifyAsync(factors, code, "web", default))));
            Assert.Single(proofs, proof => proof is not null);
            // Those who came too late were wrong.
            await store.TrySaveAsync(FactorGuesses.WithSuccess((await store.FindAsync("alice-subject", default)).Factors), default);
        }
        Assert.Equal(RecoveryCodes.Count - 1, (await store.FindAsync("alice-subject", default)).Factors.RecoveryCodes.Count);
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Of_many_guesses_at_once_so_many_count_as_would_one_after_the_other(BackEnd backEnd)
    {
        await using var server = await RunningServer.StartAsync(new TestStorage(backEnd).Setup());
        var app = await Authenticator.SetUpAsync(server, new Browser(server));
        var (store, check, wrong) = (server.Get<ICredentialStore>(), server.Get<SecondFactorCheck>(), app.WrongCode());
        var factors = (await store.FindAsync("alice-subject", default)).Factors;
        await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => Task.Run(() => check.VerifyAsync(factors, wrong, "web", default))));
        var after = (await store.FindAsync("alice-subject", default)).Factors;
        Assert.Equal(1, after.Locks);
        Assert.Null(await check.VerifyAsync(after, app.NextCode(), "web", default));
        Assert.Equal(after.Version, (await store.FindAsync("alice-subject", default)).Factors.Version);
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Of_two_instances_that_make_the_key_of_the_seal_both_use_the_same(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var server = await RunningServer.StartAsync(storage.Setup());
        var seals = Enumerable.Range(0, Many).Select(_ => Microsoft.Extensions.DependencyInjection.ActivatorUtilities.CreateInstance(server.Services, server.Get<ISecretSeal>().GetType())).Cast<ISecretSeal>().ToList();
        var texts = await Task.WhenAll(seals.Select(seal => Task.Run(() => seal.SealAsync(new byte[] { 7 }, "test", default))));
        foreach (var (seal, index) in seals.Select((seal, index) => (seal, index)))
            Assert.Equal([7], await seal.OpenAsync(texts[(index + 1) % Many], "test", default));
        Assert.Null(await seals[0].OpenAsync(texts[1], "other", default));
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task A_code_that_is_sent_while_the_app_is_taken_away_never_brings_it_back(BackEnd backEnd)
    {
        await using var server = await RunningServer.StartAsync(new TestStorage(backEnd).Setup());
        var app = await Authenticator.SetUpAsync(server, new Browser(server));
        var (store, check, own) = (server.Get<ICredentialStore>(), server.Get<SecondFactorCheck>(), server.Get<OwnFactors>());
        var factors = (await store.FindAsync("alice-subject", default)).Factors;
        var code = app.NextCode();
        var checks = Enumerable.Range(0, Many).Select(_ => Task.Run(() => check.VerifyAsync(factors, code, "web", default))).ToList();
        Assert.True(await own.RemoveAsync(factors, AuditActor.Person, default));
        await Task.WhenAll(checks);
        Assert.False((await store.FindAsync("alice-subject", default)).Factors.HasAny);
    }
}
