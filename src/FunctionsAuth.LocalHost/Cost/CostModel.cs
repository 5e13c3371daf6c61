using System.Text.Json;

namespace FunctionsAuth.LocalHost.Cost;

/// <summary>The resources that one flow uses, from its first request to its last.</summary>
public sealed record Flow
{
    public required string Name { get; init; }

    /// <summary>Requests, each an execution of a function.</summary>
    public int Executions { get; init; }

    public int TableOperations { get; init; }

    /// <summary>The number of times that it waits for the tables. Operations that run at the same time count once.</summary>
    public int TableWaits { get; init; }

    public int Signatures { get; init; }

    /// <summary>The number of times that it waits for signatures.</summary>
    public int SignatureWaits { get; init; }

    /// <summary>The time of one processor, measured on a developer's machine with the client in it, plus 0.4 for each request in the Functions host.</summary>
    public double ProcessorMilliseconds { get; init; }
}

/// <summary>The cost of a million flows of one kind, in the currency of the prices.</summary>
/// <param name="Compute">The cost while the app is busy: instances work for several requests at the same time.</param>
/// <param name="ComputeAlone">The cost while each request comes alone: each is billed for at least one second.</param>
public sealed record Cost(Flow Flow, double Executions, double Compute, double ComputeAlone, double Tables, double Signatures, double AuditLog)
{
    public double Total => Executions + Compute + Tables + Signatures + AuditLog;

    public double TotalAlone => Total - Compute + ComputeAlone;
}

/// <summary>The cost of a flow, computed from its resources and their prices.</summary>
public static class CostModel
{
    private const double Million = 1_000_000;
    private const double KilobytesOfGigabyte = 1_000_000;

    /// <summary>A test measures table operations, requests and signatures. The rest is derived from them.</summary>
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
