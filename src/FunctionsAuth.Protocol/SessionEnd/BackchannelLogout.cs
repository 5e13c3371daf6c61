using System.Collections.Concurrent;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Fetch;
using FunctionsAuth.Protocol.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.SessionEnd;

/// <summary>
/// Posts a logout token to each client of a session that has ended: OpenID Connect Back-Channel Logout §2.5. All are told at the
/// same time, and a client that can't be told keeps nobody waiting and nobody signed in.
/// </summary>
public sealed partial class BackchannelLogout(LogoutTokenIssuer tokens, ClientFetcher fetcher, TimeProvider clock, ILogger<BackchannelLogout> log) : IAsyncDisposable
{
    private const int MaxTries = 2;

    // A person waits for it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Task, bool> unfinished = new();

    /// <summary>
    /// Returns when all were told, and after 5 seconds at the latest: what is not done by then goes on. It never fails.
    /// </summary>
    public async Task TellAsync(IEnumerable<LogoutRecipient> recipients)
    {
        var telling = Task.WhenAll(recipients.Where(recipient => recipient.Client.BackchannelLogoutUri is not null).Select(TellAsync));
        unfinished[telling] = true;
        _ = telling.ContinueWith(done => unfinished.TryRemove(done, out _), TaskScheduler.Default);
        await Task.WhenAny(telling, Task.Delay(Patience, clock));
    }

    /// <summary>The app ends: what is under way has its few seconds.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(unfinished.Keys);

    private async Task TellAsync(LogoutRecipient recipient)
    {
        try
        {
            // The person may be gone meanwhile, and that changes nothing.
            var token = await tokens.IssueAsync(recipient, CancellationToken.None);
            var outcome = await SendAsync(recipient, token);
            ServerMetrics.BackchannelLogout(outcome);
        }
        catch (Exception e)
        {
            // Nobody else would see it, whatever it is.
            ServerMetrics.BackchannelLogout(e is TemporarilyUnavailableException ? "unsigned" : "failed");
            LogUntold(recipient.Client.ClientId, e.Message, e);
        }
    }

    /// <returns>The outcome as it is counted.</returns>
    private async Task<string> SendAsync(LogoutRecipient recipient, string token)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (status, failure) = await PostAsync(recipient.Client.BackchannelLogoutUri!, token);
            if (status is >= 200 and < 300)
                return "ok";
            // §2.8: with 400 the client says that it will not do it. It has decided, so it is not asked again.
            var isRefused = status == StatusCodes.Status400BadRequest;
            if (isRefused || attempt == MaxTries)
            {
                LogUntold(recipient.Client.ClientId, failure?.Message ?? $"the answer was {status}", failure);
                return isRefused ? "refused" : "failed";
            }
        }
    }

    private async Task<(int? Status, FetchException? Failure)> PostAsync(Uri uri, string token)
    {
        try
        {
            return ((int)await fetcher.PostFormAsync(uri, [new(Parameter.LogoutToken, token)], CancellationToken.None), null);
        }
        catch (FetchException e)
        {
            return (null, e);
        }
    }

    [LoggerMessage(3101, LogLevel.Warning, "Client {ClientId} could not be told that a session has ended: {Reason}")]
    private partial void LogUntold(string clientId, string reason, Exception? exception);
}
