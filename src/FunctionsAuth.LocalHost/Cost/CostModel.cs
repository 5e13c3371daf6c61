using System.Text.Json;

namespace FunctionsAuth.LocalHost.Cost;

/// <summary>What one flow takes, from its first request to its last.</summary>
public sealed record Flow
{
    public required string Name { get; init; }

    /// <summary>Requests, each an execution of a function.</summary>
    public int Executions { get; init; }

    public int TableOperations { get; init; }

    /// <summary>How many of the operations are on the table that it uses most.</summary>
    public int BusiestTable { get; init; }

    /// <summary>How many times it waits for the tables, where operations that run at the same time count once.</summary>
    public int TableWaits { get; init; }

    public int Signatures { get; init; }

    /// <summary>How many times it waits for signatures.</summary>
    public int SignatureWaits { get; init; }

    /// <summary>Of one processor, measured on a developer's machine with the client in it, and 0.4 for each request in the Functions host.</summary>
    public double ProcessorMilliseconds { get; init; }
}

/// <summary>Of a million flows of one kind, in the currency of the prices.</summary>
/// <param name="Compute">While the app is busy: instances work for several requests at a time.</param>
/// <param name="ComputeAlone">While each request comes alone: each is billed for a second at least.</param>
public sealed record Cost(Flow Flow, double Executions, double Compute, double ComputeAlone, double Tables, double Signatures, double AuditLog)
{
    public double Total => Executions + Compute + Tables + Signatures + AuditLog;

    public double TotalAlone => Total - Compute + ComputeAlone;
}

/// <summary>The bill of a flow, from what it takes and what that costs.</summary>
public static class CostModel
{
    private const double Million = 1_000_000;
    private const double KilobytesOfGigabyte = 1_000_000;

    /// <summary>Table operations, requests and signatures are what a test measures; the rest is read from them.</summary>
    public static IReadOnlyList<Flow> Flows { get; } = Read();

    public static Cost Of(Flow flow, CostFactors factors)
    {
        var signsInVault = factors["wrapped"] == 0;
        var waits = ((flow.TableWaits * factors["table-ms"]) + (signsInVault ? flow.SignatureWaits * factors["signature-ms"] : 0)) / 1000;
        var works = flow.ProcessorMilliseconds / 1000;
        var gigabytesAt = factors["memory-gb"] * factors["price-gb-second"] * Million;
        var signatures = signsInVault ? flow.Signatures * Million : 0;
        return new Cost(
            flow,
            Executions: flow.Executions * factors["price-execution-million"],
            // Requests wait at the same time, but share the processor.
            Compute: (works + (waits / factors["concurrency"])) * gigabytesAt,
            ComputeAlone: Math.Max(works + waits, flow.Executions * factors["shortest-seconds"]) * gigabytesAt,
            Tables: flow.TableOperations * factors["price-table-million"],
            Signatures: signatures / Million * factors["price-signature-million"],
            AuditLog: signatures * factors["audit-kb"] / KilobytesOfGigabyte * factors["price-log-gb"]);
    }

    private static Flow[] Read()
    {
        using var stream = typeof(CostModel).Assembly.GetManifestResourceStream("flows.json")!;
        return JsonSerializer.Deserialize<Flow[]>(stream, JsonSerializerOptions.Web)!;
    }
}
