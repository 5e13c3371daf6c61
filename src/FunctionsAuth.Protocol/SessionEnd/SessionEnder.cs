using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Telemetry;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.SessionEnd;

/// <summary>
/// Ends sessions, and tells the clients that took part. The sessions end first, so that nobody stays signed in because a client cannot be reached, or
/// because the list of clients cannot be read.
/// </summary>
public sealed partial class SessionEnder(
    ISessionStore sessions, UserSessions ofUsers, ClientRegistry clients, BackchannelLogout backchannel, SecurityEvents events, ILogger<SessionEnder> log)
{
    /// <summary>Ends the session and the earlier sessions that it replaced.</summary>
    /// <returns>The clients that took part, for those that only the browser can tell.</returns>
    /// <exception cref="TemporarilyUnavailableException">Storage did not answer. While the session is active, this can be tried again.</exception>
    public async Task<IReadOnlyList<LogoutRecipient>> EndAsync(Session session, CancellationToken cancellation, AuditActor actor = AuditActor.Person)
    {
        // Its own row is deleted last, because without it nobody could end the others.
        await Task.WhenAll(session.Former.Select(address => sessions.DeleteAsync(address, cancellation)));
        await Task.WhenAll(sessions.DeleteAsync(session.Address, cancellation), events.SessionEndedAsync(session.Subject, session.Address.ToString(), actor));
        return await TellAsync(session.Former.Prepend(session.Address), session.Subject);
    }

    /// <summary>Ends all sessions of a user, and tells the clients of all sessions at the same time.</summary>
    /// <inheritdoc cref="EndAsync"/>
    public async Task<IReadOnlyList<LogoutRecipient>> EndAllAsync(string subject, CancellationToken cancellation)
    {
        var ended = (await ofUsers.ListAsync(subject, cancellation)).SelectMany(session => session.Former.Prepend(session.Address)).ToList();
        await Task.WhenAll(ended.Select(address => sessions.DeleteAsync(address, cancellation)));
        return await TellAsync(ended, subject);
    }

    /// <summary>Ends a session that another one replaced, and that no row will refer to any more.</summary>
    public async Task EndFormerAsync(RecordAddress address, string subject, CancellationToken cancellation)
    {
        await sessions.DeleteAsync(address, cancellation);
        await TellAsync([address], subject);
    }

    private async Task<IReadOnlyList<LogoutRecipient>> TellAsync(IEnumerable<RecordAddress> ended, string subject)
    {
        // The clients are read afterwards, so that clients that joined in the meantime are included.
        var recipients = (await Task.WhenAll(ended.Select(address => RecipientsAsync(address, subject)))).SelectMany(some => some).ToList();
        await backchannel.TellAsync(recipients);
        return recipients;
    }

    private async Task<IReadOnlyList<LogoutRecipient>> RecipientsAsync(RecordAddress address, string subject)
    {
        List<LogoutRecipient> recipients = [];
        try
        {
            foreach (var id in await sessions.ClientsOfAsync(address, CancellationToken.None))
            {
                if (await clients.FindAsync(id, CancellationToken.None) is { } client)
                    recipients.Add(new LogoutRecipient(client, subject, address));
            }
        }
        catch (TemporarilyUnavailableException e)
        {
            ServerMetrics.BackchannelLogout("unlisted");
            LogUnlisted(address.ToString(), e);
        }
        return recipients;
    }

    [LoggerMessage(3102, LogLevel.Warning, "Session {Session} has ended, but not all of its clients could be read to tell them")]
    private partial void LogUnlisted(string session, Exception exception);
}
