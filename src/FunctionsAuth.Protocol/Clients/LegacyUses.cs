using FunctionsAuth.Protocol.Storage;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Clients;

/// <summary>Warns the operator about clients that use features that RFC 9700 forbids: once an hour for each client.</summary>
public sealed partial class LegacyUses(TimeProvider clock, ILogger<LegacyUses> log)
{
    private readonly BoundedCache<(string, string), bool> noted = new(10_000, TimeSpan.FromHours(1), clock);

    /// <param name="what">The feature that it used, such as <c>response_type id_token</c>.</param>
    public async ValueTask NoteAsync(Client client, string what, CancellationToken cancellation) => await noted.GetAsync(
        (client.ClientId, what),
        use =>
        {
            LogUsed(client.ClientId, what);
            return Task.FromResult(true);
        },
        cancellation);

    [LoggerMessage(3004, LogLevel.Warning, "Client {ClientId} used {What}, which RFC 9700 (sections 2.1.2 and 2.4) says must not be used: move it to the code flow")]
    private partial void LogUsed(string clientId, string what);
}
