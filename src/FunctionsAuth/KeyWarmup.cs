using FunctionsAuth.Protocol.Keys;
using Microsoft.Extensions.Hosting;

namespace FunctionsAuth;

/// <summary>Reads the signing keys while the host is still starting, so that the first requests wait less for them.</summary>
internal sealed class KeyWarmup(SigningKeys keys) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => keys.WarmAsync(stoppingToken);
}
