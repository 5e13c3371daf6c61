using FunctionsAuth.Protocol.Configuration;
using Microsoft.Extensions.Hosting;

namespace FunctionsAuth.Azure.KeyVault.Local;

/// <summary>With <c>Keys:Mode</c> <c>local</c>, the app does not start when its keys cannot be read or made.</summary>
internal sealed class LocalKeyStart(LocalKeyClient keys, ServerOptions options) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await keys.CheckAsync([options.Keys.RsaKeyName, options.Keys.EcKeyName], cancellationToken);
        }
        catch (KeyFilesException e)
        {
            throw new SettingsException([$"Keys:Folder must be a folder that this user may read and write. {e.Message}"]);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
