namespace FunctionsAuth.LocalHost.Cost;

/// <summary>How much is asked of the server, each second, for as long as the figures are to hold.</summary>
/// <param name="Logins">People who sign in, from the link at the client to its tokens.</param>
/// <param name="Tokens">Tokens that clients get for themselves.</param>
public sealed record Load(double Logins, double Tokens);

/// <summary>A limit of the platform, and what the load needs of it.</summary>
/// <param name="Unit">What both are counted in.</param>
/// <param name="Setting">What moves the limit, or the need.</param>
public sealed record Limit(string Name, double Needed, double Most, string Unit, string Setting)
{
    /// <summary>1 where the limit is reached.</summary>
    public double Share => Needed / Most;
}

/// <summary>Which limits a load meets, from what each flow takes: <see cref="CostModel.Flows"/>.</summary>
public static class ScaleModel
{
    private const int PartitionsOfAnHour = 16;
    private const double SecondsOfMonth = 30 * 24 * 3600;
    private const double Million = 1_000_000;

    /// <summary>The limits, the one that is nearest first.</summary>
    public static IReadOnlyList<Limit> LimitsOf(Load load, CostFactors factors)
    {
        var rates = RatesOf(load, factors);
        var operations = Sum(rates, flow => flow.TableOperations);
        var signatures = factors["wrapped"] == 0 ? Sum(rates, flow => flow.Signatures) : 0;
        var cores = CoresOf(rates) / factors["busy-share"];
        List<Limit> limits =
        [
            new("a storage account", operations, factors["account-operations"], "operations/s", "ask Azure for more on this account, or run a second server with an account of its own"),
            // All operations of the busiest table, as if all of its rows ended in the same hour: in truth there are more partitions.
            new("a partition of a table", Sum(rates, flow => flow.BusiestTable) / PartitionsOfAnHour, factors["partition-operations"], "operations/s", "none: the rows of an hour are spread over 16 partitions"),
            new("instances", InstancesOf(rates, cores, factors), factors["instances-most"], "instances", "FUNCTIONSAUTH_MAXIMUM_INSTANCE_COUNT, or FUNCTIONSAUTH_INSTANCE_MEMORY_MB 4096"),
            new("the quota of the region", cores, factors["quota-cores"], "cores", "ask Azure for more; passwords take nearly all of it, so passkeys, sign-in elsewhere and longer sessions save it"),
        ];
        if (signatures > 0)
        {
            limits.Add(new("the vaults of this server", signatures, factors["vaults"] * factors["vault-signatures"], "signatures/s", "FUNCTIONSAUTH_VAULT_COUNT, at most 5; FUNCTIONSAUTH_KEY_MODE wrapped ends the limit"));
            limits.Add(new("the vaults of the region", signatures, factors["region-signatures"], "signatures/s", "FUNCTIONSAUTH_KEY_MODE wrapped ends the limit; longer access tokens need fewer signatures"));
        }
        return [.. limits.OrderByDescending(limit => limit.Share)];
    }

    /// <summary>What a month of this load costs, by flow, in the currency of the prices.</summary>
    public static IReadOnlyList<(string Flow, double PerMonth)> MoneyOf(Load load, CostFactors factors) =>
        [.. RatesOf(load, factors).Select(rate => (rate.Flow.Name, rate.PerSecond * SecondsOfMonth / Million * CostModel.Of(rate.Flow, factors).Total))];

    /// <summary>As many as the processors need, and as many as the requests that wait at the same time.</summary>
    private static double InstancesOf(IReadOnlyList<Rate> rates, double cores, CostFactors factors)
    {
        var waiting = Sum(rates, flow => (flow.TableWaits * factors["table-ms"]) + (factors["wrapped"] == 0 ? flow.SignatureWaits * factors["signature-ms"] : 0)) / 1000;
        return Math.Ceiling(Math.Max(cores / factors["instance-cores"], (waiting + CoresOf(rates)) / factors["concurrency"]));
    }

    private static double CoresOf(IReadOnlyList<Rate> rates) => Sum(rates, flow => flow.ProcessorMilliseconds) / 1000;

    private static double Sum(IReadOnlyList<Rate> rates, Func<Flow, double> of) => rates.Sum(rate => rate.PerSecond * of(rate.Flow));

    private static IReadOnlyList<Rate> RatesOf(Load load, CostFactors factors)
    {
        var withSession = Math.Min(factors["session-share"], 1);
        var withPasskey = (1 - withSession) * Math.Min(factors["passkey-share"], 1);
        return
        [
            new(FlowOf("login with a password"), load.Logins * (1 - withSession - withPasskey)),
            new(FlowOf("login with a passkey"), load.Logins * withPasskey),
            new(FlowOf("login with a session"), load.Logins * withSession),
            new(FlowOf("client_credentials"), load.Tokens),
        ];
    }

    private static Flow FlowOf(string name) => CostModel.Flows.Single(flow => flow.Name == name);

    private sealed record Rate(Flow Flow, double PerSecond);
}
