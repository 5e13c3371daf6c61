using FunctionsAuth.Protocol.Keys;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Functions;

public sealed class KeyRolloverFunction(KeyRollover rollover)
{
    [Function("key_rollover")]
    public Task Run([TimerTrigger("0 */15 * * * *")] TimerInfo timer, CancellationToken cancellation) => rollover.RunAsync(cancellation);
}
