using FunctionsAuth.Protocol.Outbox;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Server.Tests.Mail;

/// <summary>Delivers as a test says, and counts.</summary>
public sealed class ScriptedDeliverer : IOutboxDeliverer
{
    public const string Name = "test";

    private int calls;

    public string Kind => Name;

    public int Calls => calls;

    public Func<CancellationToken, Task<Delivery>> Answer { get; set; } = _ => Task.FromResult(Delivery.Done);

    public void Reset() => calls = 0;

    public Task<Delivery> DeliverAsync(OutboxItem item, CancellationToken cancellation)
    {
        Interlocked.Increment(ref calls);
        return Answer(cancellation);
    }
}

public static class ScriptedDelivererSetup
{
    /// <summary>The same setup, with one more kind of delivery.</summary>
    public static ServerSetup With(this ServerSetup setup, ScriptedDeliverer deliverer) => setup with
    {
        Services = services =>
        {
            setup.Services?.Invoke(services);
            services.AddSingleton<IOutboxDeliverer>(deliverer);
        },
    };
}
