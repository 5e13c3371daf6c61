using Azure.Data.Tables;

namespace FunctionsAuth.Storage.Tests;

[NeedsStorage]
public sealed class AzuriteTables : TableSuite
{
    protected override TableServiceClient Service { get; } = new(NeedsStorageAttribute.ConnectionString!);
}
