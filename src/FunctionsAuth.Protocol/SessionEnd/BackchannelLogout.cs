using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Outbox;
using FunctionsAuth.Protocol.Telemetry;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.SessionEnd;

/// <summary>
/// Tells each client with a logout token that a session has ended: OpenID Connect Back-Channel Logout §2.5. All clients are told at the same time. A
/// client that does not answer delays nobody and keeps nobody signed in, because the outbox tells it later.
/// </summary>
public sealed partial class BackchannelLogout(
    LogoutTokenIssuer tokens, LogoutCall call, OutboxWriter outbox, TimeProvider clock, ILogger<BackchannelLogout> log)
{
    private const int MaxTries = 2;

    // A user waits for it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Returns when all clients were told, or after 5 seconds. Clients that were not told are then in the outbox. It never fails.</summary>
    public async Task TellAsync(IEnumerable<LogoutRecipient> recipients)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        await Task.WhenAll(recipients.Where(recipient => recipient.Client.BackchannelLogoutUri is not null).Select(recipient => TellAsync(recipient, patience.Token)));
    }

    private async Task TellAsync(LogoutRecipient recipient, CancellationToken patience)
    {
        var outcome = await TryAsync(recipient, patience);
        ServerMetrics.BackchannelLogout(outcome);
        if (outcome is "ok" or "refused")
            return;
        try
        {
            await outbox.WriteAsync(LogoutDeliverer.Name, LogoutDeliverer.PayloadOf(recipient), null, CancellationToken.None, OutboxRetries.PauseAfter(1));
        }
        catch (Exception e)
        {
            // Nobody else would see this exception.
            LogForgotten(recipient.Client.ClientId, e);
        }
    }

    /// <returns>The outcome for the counter.</returns>
    private async Task<string> TryAsync(LogoutRecipient recipient, CancellationToken patience)
    {
        try
        {
            // A call that cannot be cancelled ends by itself, and nobody waits for it.
            return await SendAsync(recipient, patience).WaitAsync(patience);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            LogUntold(recipient.Client.ClientId, "there was no answer in time", null);
            return "failed";
        }
        catch (Exception e)
        {
            LogUntold(recipient.Client.ClientId, e.Message, e);
            return e is TemporarilyUnavailableException ? "unsigned" : "failed";
        }
    }

    private async Task<string> SendAsync(LogoutRecipient recipient, CancellationToken patience)
    {
        var token = await tokens.IssueAsync(recipient, patience);
        for (var attempt = 1; ; attempt++)
        {
            patience.ThrowIfCancellationRequested();
            var answer = await call.PostAsync(recipient.Client.BackchannelLogoutUri!, token, patience);
            if (answer.Result == LogoutCallResult.Told)
                return "ok";
            if (answer.Result == LogoutCallResult.Failed && attempt < MaxTries)
                continue;
            LogUntold(recipient.Client.ClientId, answer.Reason, answer.Failure);
            return answer.Result == LogoutCallResult.Refused ? "refused" : "failed";
        }
    }

    [LoggerMessage(3101, LogLevel.Warning, "Client {ClientId} could not be told that a session has ended: {Reason}")]
    private partial void LogUntold(string clientId, string reason, Exception? exception);

    [LoggerMessage(3103, LogLevel.Error, "Client {ClientId} will not be told that a session has ended, because storage did not take the order to tell it later")]
    private partial void LogForgotten(string clientId, Exception exception);
}
