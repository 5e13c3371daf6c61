using Azure;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Protocol.Wire;

namespace FunctionsAuth.Storage.Tests;

public abstract partial class WrappedKeysSuite
{
    [StorageFact]
    public Task Two_instances_that_start_at_once_on_an_empty_table_end_with_one_key_of_each_type() => StartAtOnceAsync(2);

    [StorageFact]
    public Task Twenty_instances_that_start_at_once_on_an_empty_table_end_with_one_key_of_each_type() => StartAtOnceAsync(20);

    [StorageFact]
    public async Task Two_timers_at_once_make_one_next_version_of_each_type()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        Clock.Advance(TimeSpan.FromDays(90));
        await Task.WhenAll(Task.Run(one.RolloverAsync), Task.Run(two.RolloverAsync));
        foreach (var type in Enum.GetValues<SigningKeyType>())
        {
            Assert.Equal(2, (await RowsAsync(type)).Count);
            Assert.Equal(Kids(await one.RefreshAsync(type)), Kids(await two.RefreshAsync(type)));
        }
        // The next ones sign when they have been announced long enough, on both.
        Clock.Advance(Announced);
        foreach (var algorithm in SigningAlgorithms.All)
        {
            Assert.Equal("00000002", (await one.SignAsync(algorithm)).Id);
            Assert.Equal("00000002", (await two.SignAsync(algorithm)).Id);
        }
    }

    [StorageFact]
    public async Task However_many_requests_come_at_once_an_instance_unwraps_a_version_once_and_then_never_asks_the_vault_again()
    {
        await StartAsync();
        var instance = await StartAsync();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        vault.BeforeUnwrap = () => gate.Task;
        var signatures = Enumerable.Range(0, 60).Select(i => Task.Run(() => instance.SignAsync(SigningAlgorithms.All[i % 3]))).ToList();
        // RS256 and PS256 are of one key.
        await WhenAsync(() => vault.Unwraps == 2);
        gate.SetResult();
        await Task.WhenAll(signatures);
        var asked = vault.Asked;
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(() => instance.SignAsync(SigningAlgorithms.All[i % 3]))));
        Clock.Advance(TimeSpan.FromMinutes(5));
        foreach (var type in Enum.GetValues<SigningKeyType>())
            await instance.RefreshAsync(type);
        await instance.SignAsync(SigningAlgorithms.RS256);
        Assert.Equal((2, asked), (vault.Unwraps, vault.Asked));
    }

    [StorageFact]
    public async Task Each_instance_unwraps_each_version_for_itself()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        await AddVersionAsync(one, SigningKeyType.Ec);
        foreach (var instance in (WrappedKeysInstance[])[one, two])
        {
            foreach (var version in await instance.RefreshAsync(SigningKeyType.Ec))
            {
                await instance.SignAsync(version);
                await instance.SignAsync(version);
            }
        }
        Assert.Equal(4, vault.Unwraps);
    }

    [StorageFact]
    public async Task An_unwrapping_that_failed_is_tried_again()
    {
        var instance = await StartAsync();
        vault.BeforeUnwrap = () => throw new RequestFailedException(500, "Internal server error");
        for (var i = 1; i <= 2; i++)
        {
            await Assert.ThrowsAsync<KeyStoreException>(() => instance.SignAsync(SigningAlgorithms.ES256));
            Assert.Equal(i, vault.Unwraps);
        }
        vault.BeforeUnwrap = null;
        await instance.SignAsync(SigningAlgorithms.ES256);
        await instance.SignAsync(SigningAlgorithms.ES256);
        Assert.Equal(3, vault.Unwraps);
    }

    [StorageFact]
    public async Task A_request_that_gives_up_takes_the_unwrapping_from_nobody_else()
    {
        var instance = await StartAsync();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        vault.BeforeUnwrap = () => gate.Task;
        using var gone = new CancellationTokenSource();
        var first = instance.SignAsync(SigningAlgorithms.ES256, gone.Token);
        await WhenAsync(() => vault.Unwraps == 1);
        var second = instance.SignAsync(SigningAlgorithms.ES256);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.SetResult();
        await second;
        Assert.Equal(1, vault.Unwraps);
    }

    [StorageFact]
    public async Task A_version_that_was_disabled_is_not_used_after_a_refresh_nor_is_a_new_key_made()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        var newest = await AddVersionAsync(one, SigningKeyType.Ec);
        Clock.Advance(Announced);
        foreach (var instance in (WrappedKeysInstance[])[one, two])
        {
            await instance.RefreshAsync(SigningKeyType.Ec);
            Assert.Equal(newest.RowKey, (await instance.SignAsync(SigningAlgorithms.ES256)).Id);
        }

        // By one instance's timer, and by hand.
        var version = (await one.RefreshAsync(SigningKeyType.Ec)).Single(v => v.Id == newest.RowKey);
        await one.Keys.DisableAsync(version, CancellationToken.None);
        foreach (var instance in (WrappedKeysInstance[])[one, two])
        {
            Assert.DoesNotContain(version.PublicKey.Kid, Kids(await instance.RefreshAsync(SigningKeyType.Ec)));
            Assert.Equal("00000001", (await instance.SignAsync(SigningAlgorithms.ES256)).Id);
        }
        await WriteAsync((await RowsAsync(SigningKeyType.Ec))[0], ("Enabled", false));
        foreach (var instance in (WrappedKeysInstance[])[one, two, await StartAsync()])
        {
            Assert.Empty(await instance.RefreshAsync(SigningKeyType.Ec));
            var refusal = await Assert.ThrowsAsync<KeyStoreException>(() => instance.SignAsync(SigningAlgorithms.ES256));
            Assert.Equal(KeyStoreFailure.Refused, refusal.Failure);
        }
        Assert.Equal(2, (await RowsAsync(SigningKeyType.Ec)).Count);
    }

    private async Task StartAtOnceAsync(int count)
    {
        List<WrappedKeysInstance> all = [.. Enumerable.Range(0, count).Select(_ => NewInstance())];
        await Task.WhenAll(all.Select(instance => Task.Run(() => StartedAsync(instance))));
        foreach (var type in Enum.GetValues<SigningKeyType>())
            Assert.Single(await RowsAsync(type));
        foreach (var algorithm in SigningAlgorithms.All)
        {
            var signers = await Task.WhenAll(all.Select(instance => instance.SignAsync(algorithm)));
            Assert.Single(signers.Select(key => key.PublicKey.Kid).Distinct());
        }
        Assert.Equal(2 * count, vault.Unwraps);
        Assert.Equal(1, vault.WrappingKeys);
    }

    private static IEnumerable<string> Kids(IEnumerable<KeyVersion> versions) => versions.Select(version => version.PublicKey.Kid);

    private static async Task WhenAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        while (!condition())
            await Task.Delay(1, patience.Token);
    }
}
