using Azure.Data.Tables;

namespace FunctionsAuth.Storage.Tests;

[NeedsStorage]
public sealed class AzuriteTables : TableSuite
{
    protected override TableServiceClient Service { get; } = new(NeedsStorageAttribute.ConnectionString!);

    /// <summary>Azurite refuses it, too, but with an answer that the SDK can't read.</summary>
    protected override Task ShouldRefuseAsTooManyAsync(Func<Task> transaction) => Assert.ThrowsAsync<InvalidOperationException>(transaction);
}
