namespace FunctionsAuth.Protocol.Audit;

/// <summary>The events of one user.</summary>
public sealed class AccountAudit(IAuditStore store, SecurityEvents events, TimeProvider clock)
{
    // The events that users see on their account pages.
    private static readonly TimeSpan ShownFor = TimeSpan.FromDays(90);

    /// <summary>The newest first: up to this many actions of the user, and as many failed logins, which anybody can cause.</summary>
    public async Task<IReadOnlyList<AuditEvent>> ListAsync(string subject, int most, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var query = new AuditQuery(now - ShownFor, now, most) { Subject = subject };
        var found = await Task.WhenAll(
            store.FindAsync(query with { Without = AuditKind.SignInFailed }, cancellation), store.FindAsync(query with { Kind = AuditKind.SignInFailed }, cancellation));
        return [.. found.SelectMany(events => events).OrderByDescending(entry => entry.At)];
    }

    /// <summary>The account is deleted. The events are kept under a pseudonym, without the places of the user.</summary>
    public async Task ForgetAsync(string subject, string pseudonym, AuditActor actor, CancellationToken cancellation)
    {
        await store.ForgetAsync(subject, pseudonym, cancellation);
        await events.AccountDeletedAsync(subject, pseudonym, actor);
    }
}
