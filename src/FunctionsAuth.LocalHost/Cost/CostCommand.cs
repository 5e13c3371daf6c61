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

    private static readonly Option<double?> Logins = new("--logins") { Description = "So many logins a second: says which limits they meet" };
    private static readonly Option<double?> Tokens = new("--tokens") { Description = "So many tokens of clients a second" };

    public static Command Create()
    {
        var command = new Command("cost", "What a million of each flow costs, or which limits a load meets") { Changes, Logins, Tokens };
        command.SetAction((arguments, _) => Failures.TellAsync(() =>
        {
            var factors = new CostFactors();
            foreach (var change in arguments.GetRequiredValue(Changes))
                factors.Change(change);
            var load = new Load(arguments.GetValue(Logins) ?? 0, arguments.GetValue(Tokens) ?? 0);
            Console.WriteLine(load is { Logins: 0, Tokens: 0 } ? Report(factors) : ReportOfScale(load, factors));
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
        text.AppendLine($"\nFormulas\n\n{Formulas}");
        return Append(text, factors);
    }

    private static string ReportOfScale(Load load, CostFactors factors)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{load.Logins:N0} logins and {load.Tokens:N0} tokens of clients a second\n");
        text.AppendLine(Row("limit", "needed", "most", "share"));
        var limits = ScaleModel.LimitsOf(load, factors);
        foreach (var limit in limits)
            text.AppendLine(CultureInfo.InvariantCulture, $"{limit.Name,-24}{limit.Needed,12:N0}{limit.Most,12:N0}{limit.Share,11:P0}  {limit.Unit}: {limit.Setting}");
        text.AppendLine(limits[0].Share > 1 ? $"\nWhat breaks first: {limits[0].Name}." : $"\nNothing breaks. The nearest limit: {limits[0].Name}.");
        text.AppendLine("\nDollars for 30 days of it; no free grants, no storage, no traffic\n");
        var money = ScaleModel.MoneyOf(load, factors);
        foreach (var (flow, perMonth) in money)
            text.AppendLine(CultureInfo.InvariantCulture, $"{flow,-24}{perMonth,12:N0}");
        text.AppendLine(CultureInfo.InvariantCulture, $"{"total",-24}{money.Sum(one => one.PerMonth),12:N0}");
        return Append(text, factors);
    }

    private static string Append(StringBuilder text, CostFactors factors)
    {
        text.AppendLine("\nPrices, limits and assumptions, each to be changed by --set name=value\n");
        foreach (var factor in factors.All)
            text.AppendLine(CultureInfo.InvariantCulture, $"{factor.Name,-24} {factor.Value,-9} {factor.Meaning} ({factor.Source})");
        return text.ToString().TrimEnd();
    }

    private static string Row(string name, params string[] cells) => $"{name,-24}{string.Concat(cells.Select(cell => $"{cell,12}"))}";

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
