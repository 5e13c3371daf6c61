using FunctionsAuth.Protocol.Prune;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Functions;

/// <summary>Deletes expired records once an hour, because records expire by the hour.</summary>
public sealed class PruneFunction(Pruner pruner)
{
    [Function("prune")]
    public Task Run([TimerTrigger("0 7 * * * *")] TimerInfo timer, CancellationToken cancellation) => pruner.RunAsync(cancellation);
}
