using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Tests.Keys.World;

/// <summary>A table in which no copy of a public key ever stands.</summary>
internal sealed class NoKeyCopies : IKeyCopyStore
{
    public Task<KeyCopy?> FindAsync(string store, SigningKeyType type, CancellationToken cancellation) => Task.FromResult<KeyCopy?>(null);

    public Task<WriteResult<KeyCopy>> TrySaveAsync(KeyCopy copy, CancellationToken cancellation) => Task.FromResult(new WriteResult<KeyCopy>(true, copy));
}
