using Azure.Data.Tables;
using Azure.Security.KeyVault.Keys;
using FunctionsAuth.Functions;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Protocol.Wire;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Server.Tests.Rollover;

/// <summary>Two instances with Keys:Mode wrapped, which share vault, tables and clock and log everything there is to log.</summary>
internal sealed class WrappedPair : IAsyncDisposable
{
    private const string EcClient = "service-ec";

    private readonly TestStorage storage;

    private WrappedPair(BackEnd backEnd)
    {
        storage = new TestStorage(backEnd);
        Vault = new ScriptedVault(Clock);
    }

    public TestClock Clock { get; } = new();

    public ScriptedVault Vault { get; }

    public RunningServer One { get; private set; } = null!;

    public RunningServer Two { get; private set; } = null!;

    private RunningServer[] Both => [One, Two];

    public static async Task<WrappedPair> StartAsync(BackEnd backEnd)
    {
        var pair = new WrappedPair(backEnd);
        var setup = pair.storage.Setup(("Keys:Mode", "wrapped"), ("Keys:RotateEvery", "30.00:00:00")) with
        {
            Services = services => services.AddSingleton<TimeProvider>(pair.Clock).AddSingleton<KeyClient>(pair.Vault).Configure<LoggerFilterOptions>(filters =>
            {
                filters.Rules.Clear();
                filters.MinLevel = LogLevel.Trace;
            }),
        };
        pair.One = await RunningServer.StartAsync(setup);
        await pair.One.RegisterAsync(new Client
        {
            ClientId = EcClient,
            ClientSecrets = [new ClientSecret(ServerRecords.HashOf(RawRequests.SecretOf(EcClient)))],
            GrantTypes = [GrantTypeNames.ClientCredentials],
            Scope = "other.read",
        });
        pair.Two = await RunningServer.StartAsync(setup);
        foreach (var server in pair.Both)
        {
            foreach (var type in Enum.GetValues<SigningKeyType>())
                await ReloadAsync(server, type);
        }
        return pair;
    }

    public Task<JsonAnswer> AskAsync(RunningServer server, SigningKeyType type) =>
        new ClientApp(server, type == SigningKeyType.Ec ? EcClient : "service").PostAsync("token", [("grant_type", "client_credentials")]);

    private static Task ReloadAsync(RunningServer server, SigningKeyType type) =>
        server.Get<SigningKeys>().ReadVersionsAsync(server.Get<IReadOnlyList<IKeyStore>>().Single(), type, CancellationToken.None);

    /// <summary>A token of each type of key. Both instances must sign with the same ones.</summary>
    public async Task<IReadOnlyList<string>> TokensAsync()
    {
        List<string> tokens = [];
        foreach (var type in Enum.GetValues<SigningKeyType>())
        {
            foreach (var server in Both)
                tokens.Add((await AskAsync(server, type)).ShouldBeOk().AccessToken);
            Assert.Equal(type == SigningKeyType.Ec ? SigningAlgorithms.ES256 : SigningAlgorithms.RS256, JsonAnswer.Header(tokens[^1]).GetProperty("alg").GetString());
        }
        Assert.Equal(2, tokens.Select(KidOf).Distinct().Count());
        await ShouldVerifyAsync(tokens);
        return tokens;
    }

    public async Task ShouldVerifyAsync(IEnumerable<string> tokens)
    {
        foreach (var keys in await Task.WhenAll(Both.Select(PublishedKeys.ReadAsync)))
            Assert.All(tokens, token => Assert.True(keys.Verify(token), "A live token does not verify"));
    }

    /// <summary>The kids that both instances publish.</summary>
    public async Task<IReadOnlyList<string>> PublishedAsync()
    {
        var (one, two) = (await PublishedKeys.ReadAsync(One), await PublishedKeys.ReadAsync(Two));
        Assert.Equal(one.Kids.Order(), two.Kids.Order());
        return [.. one.Kids.Order()];
    }

    /// <summary>The timer runs on one instance, and the other reads the versions as it does every few minutes.</summary>
    public async Task RolloverAsync()
    {
        await new KeyRolloverFunction(Two.Get<KeyRollover>()).Run(new TimerInfo(), CancellationToken.None);
        foreach (var type in Enum.GetValues<SigningKeyType>())
            await ReloadAsync(One, type);
    }

    /// <summary>The versions of a key as the table has them.</summary>
    public async Task<IReadOnlyList<TableEntity>> RowsAsync(SigningKeyType type) =>
        [.. (await RowsAsync("SigningKeys")).Where(row => row.PartitionKey == type.ToString())];

    /// <summary>All rows of a table; none when it was never made.</summary>
    public async Task<IReadOnlyList<TableEntity>> RowsAsync(string table)
    {
        List<TableEntity> rows = [];
        if (await storage.CountAsync(table) == 0)
            return rows;
        await foreach (var row in storage[table].QueryAsync<TableEntity>())
            rows.Add(row);
        return rows;
    }

    /// <summary>As somebody would write it who may write to the table.</summary>
    public Task WriteAsync(TableEntity row) => storage["SigningKeys"].UpsertEntityAsync(row, TableUpdateMode.Replace);

    public static string KidOf(string token) => JsonAnswer.Header(token).GetProperty("kid").GetString()!;

    public async ValueTask DisposeAsync()
    {
        await One.DisposeAsync();
        await Two.DisposeAsync();
    }
}
