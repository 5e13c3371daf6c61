using FunctionsAuth.Protocol.Outbox;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Functions;

/// <summary>A message that got lost is sent again within the hour.</summary>
public sealed class OutboxSweepFunction(OutboxSweeper sweeper)
{
    [Function("outbox_sweep")]
    public Task Run([TimerTrigger("0 37 * * * *")] TimerInfo timer, CancellationToken cancellation) => sweeper.RunAsync(cancellation);
}
