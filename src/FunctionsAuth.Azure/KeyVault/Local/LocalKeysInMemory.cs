using System.Collections.Concurrent;

namespace FunctionsAuth.Azure.KeyVault.Local;

/// <summary>Keys that are lost when the process ends.</summary>
internal sealed class LocalKeysInMemory : LocalKeys
{
    private readonly ConcurrentDictionary<(string Name, string Version), LocalKey> keys = new();

    private readonly SemaphoreSlim gate = new(1);

    public override IReadOnlyList<LocalKey> List(string name) => InOrder(keys.Values.Where(k => k.Name == name));

    public override LocalKey? Find(string name, string version) => keys.GetValueOrDefault((name, version));

    public override void Add(LocalKey key) => keys.TryAdd((key.Name, key.Version), key);

    public override void Update(LocalKey key) => keys[(key.Name, key.Version)] = key;

    public override async Task RunAloneAsync(Func<Task> action, CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            await action();
        }
        finally
        {
            gate.Release();
        }
    }
}
