using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Azure.Stores;

internal sealed class SecretStore(TableSet tables) : ISecretStore
{
    public static readonly TableDescription Secrets = new("Secrets") { IsCopied = true };

    private readonly Table rows = tables[Secrets];

    private const string RowKey = "secret";
    private const string Value = "Value";

    public async Task<byte[]> GetOrCreateAsync(string name, CancellationToken cancellation)
    {
        var row = await rows.FindAsync(KeyText.Of(name), RowKey, cancellation);
        // If several instances insert a row, one succeeds, and the others read its value.
        row ??= (await rows.TryInsertAsync(new TableEntity(KeyText.Of(name), RowKey) { [Value] = Handle.NewSecret() })).Row;
        return row?.Bytes(Value) ?? throw new TemporarilyUnavailableException("storage");
    }
}
