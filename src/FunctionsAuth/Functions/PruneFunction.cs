using FunctionsAuth.Protocol.Prune;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Functions;

/// <summary>Records end by the hour, so there is something to prune once an hour.</summary>
public sealed class PruneFunction(Pruner pruner)
{
    [Function("prune")]
    public Task Run([TimerTrigger("0 7 * * * *")] TimerInfo timer, CancellationToken cancellation) => pruner.RunAsync(cancellation);
}
