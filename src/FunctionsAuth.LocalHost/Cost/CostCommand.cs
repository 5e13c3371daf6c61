using System.CommandLine;
using System.Globalization;
using System.Text;
using FunctionsAuth.LocalHost.Commands;

namespace FunctionsAuth.LocalHost.Cost;

/// <summary>Prints what a million of each flow costs, and from what it follows.</summary>
internal static class CostCommand
{
    private const string Formulas = """
        executions  executions * price-execution-million
        compute     (processor + (table waits * table-ms + signature waits * signature-ms) / concurrency) * memory-gb * price-gb-second
        alone       the same with a request at a time, and at least shortest-seconds for each
        tables      table operations * price-table-million
        signatures  signatures * price-signature-million
        audit log   signatures * audit-kb * price-log-gb
        """;

    private static readonly Option<string[]> Changes = new("--set") { Description = "A price or an assumption: name=value", DefaultValueFactory = _ => [] };

    public static Command Create()
    {
        var command = new Command("cost", "What a million of each flow costs") { Changes };
        command.SetAction((arguments, _) => Failures.TellAsync(() =>
        {
            var factors = new CostFactors();
            foreach (var change in arguments.GetRequiredValue(Changes))
                factors.Change(change);
            Console.WriteLine(Report(factors));
            return Task.CompletedTask;
        }));
        return command;
    }

    private static string Report(CostFactors factors)
    {
        var text = new StringBuilder("Dollars for a million; no free grants, no storage, no traffic\n\n");
        text.AppendLine(Row("flow", "executions", "compute", "alone", "tables", "signatures", "audit log", "total", "alone"));
        foreach (var cost in CostModel.Flows.Select(flow => CostModel.Of(flow, factors)))
        {
            text.AppendLine(Row(
                cost.Flow.Name,
                [.. new[] { cost.Executions, cost.Compute, cost.ComputeAlone, cost.Tables, cost.Signatures, cost.AuditLog, cost.Total, cost.TotalAlone }.Select(Number)]));
        }
        text.AppendLine("\nWhat each takes\n");
        text.AppendLine(Row("flow", "requests", "operations", "waits", "signatures", "waits", "processor"));
        foreach (var flow in CostModel.Flows)
            text.AppendLine(Row(flow.Name, [.. new[] { flow.Executions, flow.TableOperations, flow.TableWaits, flow.Signatures, flow.SignatureWaits }.Select(count => $"{count}"), $"{Number(flow.ProcessorMilliseconds)} ms"]));
        text.AppendLine($"\nFormulas\n\n{Formulas}\n\nPrices and assumptions, each to be changed by --set name=value\n");
        foreach (var factor in factors.All)
            text.AppendLine(CultureInfo.InvariantCulture, $"{factor.Name,-24} {factor.Value,-9} {factor.Meaning} ({factor.Source})");
        return text.ToString().TrimEnd();
    }

    private static string Row(string name, params string[] cells) => $"{name,-24}{string.Concat(cells.Select(cell => $"{cell,12}"))}";

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
