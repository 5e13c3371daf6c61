using FunctionsAuth.Protocol.Configuration;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Keys;

/// <summary>What the rollover timer does: makes a version when it is time to, and disables what has retired.</summary>
public sealed partial class KeyRollover(SigningKeys keys, IKeyVault vault, ServerOptions options, TimeProvider clock, ILogger<KeyRollover> log)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        foreach (var algorithm in SigningAlgorithms.All)
            await RunAsync(algorithm, cancellation);
    }

    private async Task RunAsync(string algorithm, CancellationToken cancellation)
    {
        var versions = await keys.ReloadAsync(algorithm, cancellation);
        var now = clock.GetUtcNow();
        if (options.Keys.RotateEvery > TimeSpan.Zero && versions.Count > 0 && versions.Max(v => v.CreatedAt) + options.Keys.RotateEvery <= now)
        {
            await vault.CreateAsync(algorithm, cancellation);
            LogCreated(algorithm);
            versions = await keys.ReloadAsync(algorithm, cancellation);
        }
        foreach (var retired in KeyRing.At(versions, options.Keys, options.Lifetimes.LongestToken, now).Retired)
        {
            await vault.DisableAsync(retired, cancellation);
            LogDisabled(algorithm, retired.PublicKey.Kid);
        }
    }

    [LoggerMessage(2002, LogLevel.Information, "A new signing key for {Algorithm} was made")]
    private partial void LogCreated(string algorithm);

    [LoggerMessage(2003, LogLevel.Information, "The signing key {Kid} for {Algorithm} has retired and was disabled")]
    private partial void LogDisabled(string algorithm, string kid);
}
