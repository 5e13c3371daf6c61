using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using FunctionsAuth.Dev.Tools;

namespace FunctionsAuth.Dev.Commands;

internal static partial class Tests
{
    private const string StorageVariable = "FUNCTIONSAUTH_TEST_STORAGE";
    private const string BicepVariable = "FUNCTIONSAUTH_BICEP";
    private const int LinesOfFailure = 20;

    // The same name is in tests/FunctionsAuth.WorkerHost, with which several suites start the worker.
    private const string WorkerVariable = "FUNCTIONSAUTH_WORKER_APP";

    private static string WorkerHost { get; } = Repository.PathOf("tests", "FunctionsAuth.WorkerHost", "bin", "Debug", "net10.0", "FunctionsAuth.WorkerHost.dll");

    private static string Results => Repository.Local("test-results");

    /// <summary>The projects that start the published app.</summary>
    private static readonly string[] OnWorker = ["FunctionsAuth.Conformance", "FunctionsAuth.Worker.Tests"];

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stopping)
    {
        if (!arguments.Has("--as-built"))
            await Sdk.BuildAsync("FunctionsAuth.sln", stopping);
        if (Directory.Exists(Results))
            Directory.Delete(Results, recursive: true);
        Directory.CreateDirectory(Results);

        List<string> leftOut = [];
        var filter = arguments["--filter"];
        var hasNode = Programs.Find("node") is not null && Programs.Find("npm") is not null;
        Dictionary<string, string> environment = [];
        if (hasNode)
            environment[StorageVariable] = await Azurite.StartForTestsAsync(stopping);
        else
            leftOut.Add("Tests on Azurite, with real OpenID Connect clients, in the browser and of infra/ did not run, because Node.js and npm are not on the PATH.");
        if (arguments.Has("--no-interop") || filter is not null)
            leftOut.Add("tests/interop did not run, as asked.");

        // These suites run at the same time as the tests of .NET, because a browser and its client mostly wait for each other and need little processor time.
        var worker = hasNode && filter is null ? WithWorkerAsync(environment, stopping) : Task.FromResult(environment);
        var onNode = hasNode && filter is null ? RunNodeSuitesAsync(!arguments.Has("--no-interop"), worker, stopping) : Task.FromResult<List<Outcome>>([]);
        var onDotnet = RunProjectsAsync(filter, environment, worker, stopping);
        List<Outcome> outcomes = [.. (await Task.WhenAll(onDotnet, onNode)).SelectMany(each => each)];
        await ShowReportsAsync(stopping);
        return Summarize(outcomes, leftOut);
    }

    /// <summary>Runs the projects. The ones that need the published app run last, because it is published while the others run.</summary>
    private static async Task<List<Outcome>> RunProjectsAsync(
        string? filter, Dictionary<string, string> environment, Task<Dictionary<string, string>> worker, CancellationToken stopping)
    {
        List<Outcome> outcomes = [];
        var projects = Directory.GetFiles(Repository.PathOf("tests"), "*.csproj", SearchOption.AllDirectories).Where(HasTests);
        foreach (var project in projects.OrderBy(NeedsWorker).ThenBy(project => project, StringComparer.Ordinal))
        {
            var its = NeedsWorker(project) ? await worker : environment;
            outcomes.Add(await TimeAsync(() => RunProjectAsync(project, filter, its, stopping)));
        }
        return outcomes;

        static bool NeedsWorker(string project) => OnWorker.Contains(Path.GetFileNameWithoutExtension(project));
    }

    private static async Task<List<Outcome>> RunNodeSuitesAsync(bool withInterop, Task<Dictionary<string, string>> worker, CancellationToken stopping)
    {
        List<Outcome> outcomes = [];
        var environment = await worker;
        if (withInterop)
        {
            Certificate.ForLocalhost(); // one of the tests speaks https
            outcomes.Add(await TimeAsync(() => RunNodeTestsAsync("interop", environment, stopping)));
        }
        if (await BicepCompiler.FindAsync(stopping) is { } bicep)
            environment = new(environment) { [BicepVariable] = bicep };
        outcomes.Add(await TimeAsync(() => RunNodeTestsAsync("infra", environment, stopping)));
        return outcomes;
    }

    private static async Task<Outcome> TimeAsync(Func<Task<Outcome>> run)
    {
        var watch = Stopwatch.StartNew();
        return await run() with { Took = watch.Elapsed };
    }

    /// <summary>Publishes the app once for all suites. A suite that runs alone publishes it itself.</summary>
    /// <returns>The environment, with the folder of the app.</returns>
    private static async Task<Dictionary<string, string>> WithWorkerAsync(Dictionary<string, string> environment, CancellationToken stopping)
    {
        var publish = await Child.CaptureAsync(Sdk.Path, [WorkerHost, "publish"], stopping);
        return publish.ExitCode == 0
            ? new(environment) { [WorkerVariable] = publish.Output }
            : throw new Problem($"{publish.Output}\nThe app can't be published.", exitCode: 1);
    }

    private static bool HasTests(string project) => File.ReadAllText(project).Contains("<IsTestProject>true</IsTestProject>", StringComparison.Ordinal);

    /// <summary>Shows the tables that tests write for a reader, such as the storage budgets.</summary>
    private static async Task ShowReportsAsync(CancellationToken stopping)
    {
        foreach (var report in Directory.GetFiles(Repository.PathOf("tests"), "*.txt", SearchOption.AllDirectories).Where(IsReport).Order(StringComparer.Ordinal))
            Console.WriteLine($"\n{await File.ReadAllTextAsync(report, stopping)}");

        static bool IsReport(string file) => Path.GetFileName(Path.GetDirectoryName(file)) == "TestResults";
    }

    private static int Summarize(List<Outcome> outcomes, List<string> leftOut)
    {
        Console.WriteLine();
        foreach (var outcome in outcomes)
            Console.WriteLine($"  {outcome.Suite}: {outcome.Counts} ({outcome.Took.TotalSeconds:0} s)");
        foreach (var failure in outcomes.SelectMany(outcome => outcome.Failures))
            Console.WriteLine($"Failed: {failure}");
        foreach (var sentence in leftOut)
            Console.WriteLine($"Skipped: {sentence}");
        foreach (var group in outcomes.SelectMany(outcome => outcome.SkipReasons).GroupBy(reason => reason))
            Console.WriteLine($"Skipped: {group.Count()} because: {group.Key}");
        var total = new Outcome("all", outcomes.Sum(o => o.Passed), outcomes.Sum(o => o.Failed)) { Skipped = outcomes.Sum(o => o.Skipped) };
        Console.WriteLine(total.Counts);
        return total.Failed > 0 ? 1 : 0;
    }

    private static async Task<int> RunDotnetTestAsync(string project, string? filter, Dictionary<string, string> environment, string report, CancellationToken stopping)
    {
        string[] filtered = filter is null ? [] : ["--filter", filter];
        return await Child.RunTestsAsync(
            Sdk.Path,
            ["test", project, "--no-build", "--nologo", "-v", "quiet", "--logger", $"trx;LogFileName={report}", "--logger", "console;verbosity=minimal", "--results-directory", Results, .. filtered],
            environment,
            stopping);
    }

    private static async Task<Outcome> RunProjectAsync(string project, string? filter, Dictionary<string, string> environment, CancellationToken stopping)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        var report = Path.Combine(Results, $"{name}.trx");
        var exitCode = await RunDotnetTestAsync(project, filter, environment, report, stopping);
        if (!File.Exists(report))
            return filter is not null && exitCode == 0 ? new Outcome(name, 0, 0) : new Outcome($"{name} (did not run to its end; is it in FunctionsAuth.sln?)", 0, 1);

        var xml = XDocument.Load(report).Root!;
        var ns = xml.Name.Namespace;
        var results = xml.Descendants(ns + "UnitTestResult").ToLookup(result => result.Attribute("outcome")?.Value);
        var skipped = results["NotExecuted"].ToList();
        var failed = results.Where(group => group.Key is not ("Passed" or "NotExecuted")).SelectMany(group => group).ToList();
        // If a test host crashes, the run fails, but no single test does.
        return new Outcome(name, results["Passed"].Count(), exitCode != 0 && failed.Count == 0 ? 1 : failed.Count)
        {
            Skipped = skipped.Count,
            SkipReasons = [.. skipped.Select(result => OneLine(result.Element(ns + "Output")?.Value) is { Length: > 0 } reason ? reason : "no reason is given")],
            Failures = [.. failed.Select(result => $"{result.Attribute("testName")?.Value}\n{MessageOf(result)}")],
        };

        string MessageOf(XElement result) => Indented(string.Concat(result.Descendants(ns + "Message").Concat(result.Descendants(ns + "StackTrace")).Select(text => $"{text.Value}\n")));
    }

    private static async Task<Outcome> RunNodeTestsAsync(string name, Dictionary<string, string> environment, CancellationToken stopping)
    {
        var suite = $"tests/{name}";
        var folder = Repository.PathOf("tests", name);
        if (!File.Exists(Path.Combine(folder, "package-lock.json")))
            return new Outcome($"{suite} (not there)", 0, 1);
        string[] installs = name == "interop" ? [folder, Repository.PathOf("samples")] : [folder]; // tests/interop starts the samples
        foreach (var failure in (await Task.WhenAll(installs.Select(InstallAsync))).Where(install => install.ExitCode != 0))
        {
            Console.WriteLine(failure.Output);
            return new Outcome($"{suite} (npm ci failed)", 0, 1);
        }
        var report = Path.Combine(Results, $"{name}.tap");
        string[] reporters = ["--test-reporter=spec", "--test-reporter-destination=stdout", "--test-reporter=tap", $"--test-reporter-destination={report}"];
        var files = Directory.GetFiles(folder, "*.test.mjs").Order(StringComparer.Ordinal);
        var exitCode = await Child.RunTestsAsync(
            Programs.Find("node")!, ["--test", "--test-concurrency=2", .. reporters, .. files], new(environment) { ["FUNCTIONSAUTH_LOCALHOST"] = LocalHost.Assembly, ["FUNCTIONSAUTH_WORKERHOST"] = WorkerHost }, stopping, folder);

        var tap = File.Exists(report) ? await File.ReadAllTextAsync(report, stopping) : "";
        var counts = TapCount().Matches(tap).ToDictionary(match => match.Groups[1].Value, match => int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
        if (!counts.ContainsKey("pass"))
            return new Outcome($"{suite} (did not run to its end)", 0, 1);
        var failed = counts["fail"] + counts.GetValueOrDefault("cancelled");
        var skipped = counts.GetValueOrDefault("skipped") + counts.GetValueOrDefault("todo");
        return new Outcome(suite, counts["pass"], exitCode != 0 && failed == 0 ? 1 : failed)
        {
            Skipped = skipped,
            SkipReasons = [.. TapSkip().Matches(tap).Select(match => OneLine(match.Groups[1].Value))],
            Failures = [.. TapFailure().Matches(tap).Select(match => $"{suite}: {match.Groups[1].Value}\n{Indented(match.Groups[2].Value)}")],
        };

        Task<(int ExitCode, string Output)> InstallAsync(string place) =>
            Child.CaptureAsync(Programs.Find("npm")!, ["ci", "--no-fund", "--no-audit", "--loglevel=error"], stopping, place);
    }

    /// <summary>The beginning of a test's output. The whole output is in the results of its suite.</summary>
    private static string Indented(string text) =>
        string.Join('\n', text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0).Take(LinesOfFailure).Select(line => $"    {line}"));

    private static string OneLine(string? text) => string.Join(' ', (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [GeneratedRegex(@"^# (pass|fail|cancelled|skipped|todo) (\d+)\r?$", RegexOptions.Multiline)]
    private static partial Regex TapCount();

    [GeneratedRegex(@"^\s*ok \d+ .*# SKIP (.+?)\r?$", RegexOptions.Multiline)]
    private static partial Regex TapSkip();

    [GeneratedRegex(@"^\s*not ok \d+ - (.+?)\r?\n\s*---\r?\n((?:.*\r?\n)*?)\s*\.\.\.", RegexOptions.Multiline)]
    private static partial Regex TapFailure();

    private sealed record Outcome(string Suite, int Passed, int Failed)
    {
        public int Skipped { get; init; }

        public IReadOnlyList<string> SkipReasons { get; init; } = [];

        /// <summary>The name of each failed test, and the beginning of its output.</summary>
        public IReadOnlyList<string> Failures { get; init; } = [];

        public TimeSpan Took { get; init; }

        public string Counts => $"{Passed} passed, {Failed} failed{(Skipped > 0 ? $", {Skipped} skipped" : "")}";
    }
}
