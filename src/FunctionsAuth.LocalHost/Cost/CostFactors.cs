using System.Globalization;
using FunctionsAuth.LocalHost.Commands;

namespace FunctionsAuth.LocalHost.Cost;

/// <param name="Source">Where the value comes from, and how sure it is.</param>
public sealed record CostFactor(string Name, double Value, string Meaning, string Source);

/// <summary>Prices and assumptions. Each can be changed, as none is ours: <c>--set name=value</c>.</summary>
public sealed class CostFactors
{
    private const string NotConfirmed = "not confirmed: look at Azure's price page";
    private const string NotMeasured = "not measured in Azure";

    private static readonly string[] Divisors =
        ["concurrency", "account-operations", "partition-operations", "vault-signatures", "vaults", "region-signatures", "instances-most", "instance-cores", "quota-cores", "busy-share"];

    private readonly Dictionary<string, CostFactor> factors = new CostFactor[]
    {
        new("price-execution-million", 0.40, "a million executions", NotConfirmed),
        new("price-gb-second", 0.000026, "a GB of an instance for a second", "third parties quote it (US East, 2025); " + NotConfirmed),
        new("price-table-million", 0.036, "a million table operations, LRS; ZRS and GRS are dearer", NotConfirmed),
        new("price-signature-million", 3, "a million signatures with RSA-2048; P-256 about 15", NotConfirmed),
        new("price-log-gb", 2.76, "a GB of logs; the first 5 a month are free", NotConfirmed),
        new("memory-gb", 2, "of an instance", "FUNCTIONSAUTH_INSTANCE_MEMORY_MB"),
        new("concurrency", 10, "requests of a busy instance at a time", "assumed; the platform allows 16 with 2 GB"),
        new("shortest-seconds", 1, "billed at least for each time that an instance is active", "Azure's documentation"),
        new("table-ms", 8, "that a request waits for a table", NotMeasured),
        new("signature-ms", 20, "that a request waits for a signature", NotMeasured),
        new("audit-kb", 1.5, "of log for a signature; 0 with FUNCTIONSAUTH_AUDIT_KEYS false", NotMeasured),
        new("wrapped", 0, "1 with Keys:Mode wrapped: the app signs, for nothing", "docs/keys.md"),
        new("session-share", 0, "of the logins find a session, so that nobody types a password: from 0 to 1", "the worst case"),
        new("passkey-share", 0, "of the logins without a session are with a passkey: from 0 to 1", "the worst case"),
        new("account-operations", 20_000, "table operations a second of a storage account", "Azure's documentation"),
        new("partition-operations", 2_000, "operations a second of a partition of a table", "Azure's documentation"),
        new("vault-signatures", 400, "signatures a second of a vault with software keys; 200 with hardware keys", "Azure's documentation: 4,000 in 10 seconds"),
        new("vaults", 1, "vaults of this server", "FUNCTIONSAUTH_VAULT_COUNT"),
        new("region-signatures", 2_000, "signatures a second of all vaults of a subscription in a region", "Azure's documentation: five vaults"),
        new("instances-most", 1_000, "instances of an app", "Azure's documentation"),
        new("instance-cores", 1, "processors of an instance: 1 with 2 GB, 2 with 4 GB", "Azure's documentation"),
        new("quota-cores", 250, "processors of all instances of a subscription in a region", "usual; Azure gives more"),
        new("busy-share", 0.6, "of its processor that an instance should use, so that answers stay fast", "assumed"),
    }.ToDictionary(factor => factor.Name);

    public IReadOnlyCollection<CostFactor> All => factors.Values;

    public double this[string name] => factors[name].Value;

    /// <param name="change">Such as <c>price-gb-second=0.00002</c>.</param>
    /// <exception cref="UsageException">There is no such factor, or that is no number it can have.</exception>
    public void Change(string change)
    {
        var (name, value) = change.Split('=', 2) is [var left, var right] ? (left, right) : (change, "");
        if (!factors.TryGetValue(name, out var factor))
            throw new UsageException($"There is no {name}. There are {string.Join(", ", factors.Keys)}.");
        if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number) || number < 0 || (number == 0 && Divisors.Contains(name)))
            throw new UsageException($"{name} must be a number, such as {factor.Value.ToString(CultureInfo.InvariantCulture)}.");
        factors[name] = factor with { Value = number, Source = "as you said" };
    }
}
