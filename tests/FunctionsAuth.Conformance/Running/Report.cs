using System.Text;

namespace FunctionsAuth.Conformance.Running;

/// <summary>The table of modules and results that <c>dotnet dev.cs test</c> shows.</summary>
internal static class Report
{
    private static readonly Lock Writing = new();
    private static readonly SortedDictionary<(string Plan, string Variant), SortedDictionary<string, string>> Results = [];

    public static void Add(PlanAttribute plan, string module, string result, string reason)
    {
        lock (Writing)
        {
            if (!Results.TryGetValue((plan.Name, plan.Variant), out var modules))
                Results[(plan.Name, plan.Variant)] = modules = new(StringComparer.Ordinal);
            modules[module] = reason.Length == 0 ? result : $"{result}: {reason.ReplaceLineEndings(" ")}";
            var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "..", "TestResults"));
            File.WriteAllText(Path.Combine(folder.FullName, "conformance.txt"), Text());
        }
    }

    private static string Text()
    {
        var text = new StringBuilder("Modules of the OpenID Foundation's conformance suite, rebuilt from its rules (it was not run itself)\n");
        foreach (var ((plan, variant), modules) in Results)
        {
            text.Append('\n').Append(plan).Append(" (").Append(variant).Append(")\n");
            foreach (var (module, result) in modules)
                text.Append("  ").Append(module.PadRight(92)).Append(' ').Append(result).Append('\n');
        }
        var all = Results.Values.SelectMany(modules => modules.Values).ToList();
        return text.Append($"\n{all.Count} modules: {Count("PASSED")} passed, {Count("SKIPPED")} skipped, {Count("FAILED")} failed{NotRun()}\n").ToString();

        string NotRun() => Count("NOT RUN") is > 0 and var count ? $", {count} not run" : "";

        int Count(string result) => all.Count(one => one.StartsWith(result, StringComparison.Ordinal));
    }
}
