using System.CommandLine;
using FunctionsAuth.Protocol.Indexes;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.LocalHost.Commands.Deployed;

/// <summary>Rebuilds the indexes for searches of users at once. Otherwise the timer does it in parts.</summary>
internal static class IndexesCommand
{
    public static Command Create()
    {
        var rebuild = new Command("rebuild", "Rebuild the indexes of all users and consents");
        rebuild.SetAction((arguments, cancellation) => Failures.TellAsync(async () =>
        {
            await using var app = DeployedServer.Open(arguments);
            var count = await app.Services.GetRequiredService<IndexBackfill>().RebuildAsync(cancellation);
            Console.WriteLine($"The indexes are complete: {count} users and consents.");
        }));
        return new Command("indexes", "The indexes for searches of users") { DeployedServer.Storage, DeployedServer.TablePrefix, rebuild };
    }
}
