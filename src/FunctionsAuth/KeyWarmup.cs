using FunctionsAuth.Protocol.Keys;
using Microsoft.Extensions.Hosting;

namespace FunctionsAuth;

/// <summary>Reads the signing keys while the host still starts, so that no request waits for them longer than it must.</summary>
internal sealed class KeyWarmup(SigningKeys keys) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => keys.WarmAsync(stoppingToken);
}
