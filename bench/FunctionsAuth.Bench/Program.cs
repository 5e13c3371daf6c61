using System.CommandLine;
using FunctionsAuth.Bench.Flows;
using FunctionsAuth.Bench.Micro;
using FunctionsAuth.Bench.Reports;
using FunctionsAuth.Bench.Targets;

var port = new Option<int>("--port") { Required = true };
var algorithm = new Option<string>("--algorithm") { DefaultValueFactory = _ => "ES256" };
var storageLatency = new Option<int>("--storage-latency") { Description = "Milliseconds" };
var signatureLatency = new Option<int>("--signature-latency") { Description = "Milliseconds" };

var keys = new Option<string?>("--keys") { Description = "The folder of the signing keys" };
var grants = new Option<int>("--grants") { Description = "So many grants are there already" };
var serve = new Command("serve", "The server, to be measured by another process") { port, algorithm, storageLatency, signatureLatency, keys, grants };
serve.SetAction(arguments => FunctionsAuthServer.RunAsync(new ServerPlan(
    arguments.GetRequiredValue(port),
    arguments.GetRequiredValue(algorithm),
    TimeSpan.FromMilliseconds(arguments.GetValue(storageLatency)),
    TimeSpan.FromMilliseconds(arguments.GetValue(signatureLatency)),
    arguments.GetValue(keys),
    arguments.GetValue(grants))));

var bare = new Command("bare", "Bare Kestrel, to compare with") { port };
bare.SetAction(arguments => BareServer.RunAsync(arguments.GetRequiredValue(port)));

var only = new Option<string?>("--flow") { Description = "One flow instead of all" };
var connections = new Option<int>("--connections") { DefaultValueFactory = _ => 16 };
var peers = new Option<DirectoryInfo?>("--peers") { Description = "The folder bench/peers: those that are installed there are measured, too" };
var quick = new Option<bool>("--quick") { Description = "A second each instead of several" };

IReadOnlyList<Flow> Flows(ParseResult arguments) => [.. Flow.All.Union(Flow.Single).Where(flow => arguments.GetValue(only) is not { } name || flow.Name == name)];
Effort EffortOf(ParseResult arguments) => arguments.GetValue(quick) ? Effort.Quick : Effort.Full;

var throughput = new Command("throughput", "Requests per second") { only, connections, algorithm, peers, quick };
throughput.SetAction(arguments => ThroughputReport.WriteAsync(
    new Report(), Flows(arguments), arguments.GetRequiredValue(algorithm), arguments.GetRequiredValue(connections), Peer.In(arguments.GetValue(peers)), EffortOf(arguments)));

var cost = new Command("cost", "Allocated memory, storage operations and signatures") { only };
cost.SetAction(arguments => AllocationReport.WriteAsync(new Report(), Flows(arguments)));

var latency = new Command("latency", "What is waited for with tables and keys that are far away") { only, quick };
latency.SetAction(arguments => LatencyReport.WriteAsync(new Report(), Flows(arguments), EffortOf(arguments)));

var dpop = new Command("dpop", "What a token that is bound to a key costs beside a bearer token") { quick };
dpop.SetAction(arguments => DpopReport.WriteAsync(new Report(), EffortOf(arguments)));

var login = new Command("login", "A login with a password and with a passkey") { quick };
login.SetAction(arguments => LoginReport.WriteAsync(new Report(), EffortOf(arguments)));

var scale = new Command("scale", "The same with full tables") { quick };
scale.SetAction(arguments => ScaleReport.WriteAsync(new Report(), EffortOf(arguments)));

var memory = new Command("memory", "What stays of a grant");
memory.SetAction(_ => MemoryReport.WriteAsync(new Report()));

var start = new Command("start", "From the start of the process to the first token") { peers };
start.SetAction(arguments => StartReport.WriteAsync(new Report(), Peer.In(arguments.GetValue(peers))));

var storage = new Option<string?>("--storage") { Description = "A connection string: without one the worker's start is not measured" };
var workerStart = new Command("worker-start", "From the start of the worker's process to the first token") { storage };
workerStart.SetAction(arguments => WorkerStartReport.WriteAsync(new Report(), arguments.GetRequiredValue(storage)!));

var worker = new Command("worker", "The worker under load, beside a trivial function") { storage, quick };
worker.SetAction(arguments => WorkerReport.WriteAsync(new Report(), arguments.GetRequiredValue(storage)!, EffortOf(arguments)));

var file = new Option<FileInfo>("--file") { Required = true, Description = "The report" };
var notes = new Option<FileInfo>("--notes") { Required = true, Description = "Ends the report: what the figures mean" };
var all = new Command("all", "Everything, into a report") { peers, quick, storage, file, notes };
all.SetAction(arguments => Everything.WriteAsync(
    Peer.In(arguments.GetValue(peers)), EffortOf(arguments), arguments.GetValue(storage), arguments.GetRequiredValue(file).FullName, arguments.GetRequiredValue(notes).FullName));

var kept = new Option<FileInfo>("--file") { Required = true, Description = "The kept figures" };
var write = new Option<bool>("--write") { Description = "Keep those of this run" };
var baseline = new Command("baseline", "What a plain login and a plain token cost, beside what they cost before") { kept, write };
baseline.SetAction(async arguments =>
{
    var path = arguments.GetRequiredValue(kept).FullName;
    if (!arguments.GetValue(write))
        return await BaselineReport.CompareAsync(path);
    await BaselineReport.WriteAsync(path);
    return 0;
});

var micro = new Command("micro", "Parts of a request by themselves, with BenchmarkDotNet");
micro.SetAction(_ => MicroBenchmarks.Run());

return await new RootCommand("Measures FunctionsAuth beside others.") { serve, bare, throughput, cost, dpop, login, latency, scale, memory, start, workerStart, worker, all, baseline, micro }.Parse(args).InvokeAsync();
