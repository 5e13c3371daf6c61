using System.Reflection;
using Azure;
using Azure.Data.Tables;
using FunctionsAuth.Azure;
using FunctionsAuth.LocalHost.Memory;
using Xunit.Sdk;

namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>What the tables of a test are.</summary>
public enum BackEnd
{
    Memory,
    Azurite,
}

/// <summary>Runs a theory on tables in memory.</summary>
public sealed class InMemoryAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[BackEnd.Memory]];
}

/// <summary>Runs a theory on Azurite, or says why it is skipped.</summary>
public sealed class OnAzuriteAttribute : DataAttribute
{
    private const string Variable = "FUNCTIONSAUTH_TEST_STORAGE";

    public OnAzuriteAttribute()
    {
        if (ConnectionString is null)
            Skip = $"Set {Variable} to a connection string, for example Azurite's, to run this test.";
    }

    public static string? ConnectionString => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? text : null;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[BackEnd.Azurite]];
}

/// <summary>The tables of one test, which several servers may share: what is asked of them goes through a script.</summary>
public sealed class TestStorage
{
    // On a clock of their own: what it shows stands in no row that the server reads.
    private readonly TableServiceClient tables;

    /// <param name="options">Of the client pipeline, for Azurite.</param>
    public TestStorage(BackEnd backEnd, TableClientOptions? options = null)
    {
        Prefix = backEnd == BackEnd.Memory ? "" : $"t{Guid.NewGuid():N}"[..12];
        tables = backEnd == BackEnd.Memory
            ? new MemoryTableServiceClient()
            : new TableServiceClient(OnAzuriteAttribute.ConnectionString!, options ?? Options());
    }

    public TableScript Script { get; } = new();

    /// <summary>The product's own, but an emulator on a busy machine may take its time.</summary>
    public static TableClientOptions Options()
    {
        var options = AzureServices.TableOptions();
        options.Retry.NetworkTimeout = Patience.Limit;
        return options;
    }

    /// <summary>Stands before the names of the tables, so that tests share an account.</summary>
    public string Prefix { get; }

    /// <summary>The table itself, which the script does not touch.</summary>
    public TableClient this[string name] => tables.GetTableClient(Prefix + name);

    /// <summary>A setup of a server on these tables.</summary>
    public ServerSetup Setup(params (string Name, string Value)[] settings) => new()
    {
        Settings = settings.Append(("Storage:TablePrefix", Prefix)).ToDictionary(pair => pair.Item1, pair => (string?)pair.Item2),
        Tables = _ => new ScriptedTables(tables, Script, Prefix),
    };

    public async Task<int> CountAsync(string name)
    {
        var count = 0;
        try
        {
            await foreach (var _ in this[name].QueryAsync<TableEntity>())
                count++;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // Nothing was ever written to it.
        }
        return count;
    }

    /// <summary>Completes when such an operation has come as far as the tables.</summary>
    public Task WhenAsync(string operation) => Patience.UntilAsync(() => Script.Operations.Any(done => done.ToString() == operation));
}
