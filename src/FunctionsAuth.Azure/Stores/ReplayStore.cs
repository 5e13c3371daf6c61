using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Azure.Stores;

/// <summary>One row without content for each use. It can be inserted only once.</summary>
internal sealed class ReplayStore(TableSet tables) : IReplayStore
{
    public static readonly TableDescription Replays = new("Replays") { Expires = true };

    private readonly Table rows = tables[Replays];

    public async Task<bool> TryUseAsync(string use, DateTimeOffset expiresAt, CancellationToken cancellation)
    {
        var address = RecordAddress.Of(SHA256.HashData(Encoding.UTF8.GetBytes(use)), expiresAt);
        return (await rows.TryInsertAsync(EntityExtensions.At(address))).Won;
    }
}
