using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Endpoints.Account;

/// <summary>The sessions of a user, for the account pages.</summary>
public sealed class AccountSessions(UserSessions sessions, ClientRegistry clients)
{
    /// <param name="current">The session of the browser that asks. It is always in the list, even if it was started by an earlier release.</param>
    public async Task<IReadOnlyList<Session>> ListAsync(Session current, CancellationToken cancellation)
    {
        var all = await sessions.ListAsync(current.Subject, cancellation);
        return [current, .. all.Where(session => session.Address != current.Address)];
    }

    /// <inheritdoc cref="UserSessions.FindAsync"/>
    public Task<Session?> FindAsync(string subject, string? id, CancellationToken cancellation) => sessions.FindAsync(subject, id, cancellation);

    public async Task<IReadOnlyList<AccountSession>> DescribeAsync(IEnumerable<Session> all, RecordAddress current, CancellationToken cancellation)
    {
        List<AccountSession> described = [];
        foreach (var session in all)
        {
            var app = session.PasswordClient is { } id ? await clients.NameOfAsync(id, cancellation) : null;
            described.Add(new AccountSession(
                session.Address.ToString(), session.Browser, session.Country, app, session.AuthTime, session.LastUsedAt, session.Address == current));
        }
        return described;
    }
}
