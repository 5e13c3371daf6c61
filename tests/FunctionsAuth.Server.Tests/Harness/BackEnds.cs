using System.Reflection;
using Azure;
using Azure.Data.Tables;
using FunctionsAuth.Azure;
using FunctionsAuth.LocalHost.Memory;
using Xunit.Sdk;

namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>The kind of storage for the tables of a test.</summary>
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

/// <summary>Runs a theory on Azurite, or skips it with the reason.</summary>
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

/// <summary>The tables of one test, which several servers can share. All operations on them go through a script.</summary>
public sealed class TestStorage
{
    // Tables in memory have their own clock. No row that the server reads contains its time.
    private readonly TableServiceClient tables;

    /// <param name="options">The options of the client pipeline, for Azurite.</param>
    public TestStorage(BackEnd backEnd, TableClientOptions? options = null)
    {
        Prefix = backEnd == BackEnd.Memory ? "" : $"t{Guid.NewGuid():N}"[..12];
        tables = backEnd == BackEnd.Memory
            ? new MemoryTableServiceClient()
            : new TableServiceClient(OnAzuriteAttribute.ConnectionString!, options ?? Options());
    }

    public TableScript Script { get; } = new();

    /// <summary>The options of the product, but with longer time-outs, because an emulator on a busy machine can be slow.</summary>
    public static TableClientOptions Options()
    {
        var options = AzureServices.TableOptions();
        options.Retry.NetworkTimeout = Patience.Limit;
        return options;
    }

    /// <summary>The prefix of the table names, so that tests can share an account.</summary>
    public string Prefix { get; }

    /// <summary>The table itself, without the script.</summary>
    public TableClient this[string name] => tables.GetTableClient(Prefix + name);

    /// <summary>The setup of a server with these tables.</summary>
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
            // The table does not exist, because nothing was ever written to it.
        }
        return count;
    }

    /// <summary>Completes when such an operation has reached the tables.</summary>
    public Task WhenAsync(string operation) => Patience.UntilAsync(() => Script.Operations.Any(done => done.ToString() == operation));
}
