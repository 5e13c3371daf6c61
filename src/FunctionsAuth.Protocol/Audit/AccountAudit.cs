namespace FunctionsAuth.Protocol.Audit;

/// <summary>The events of one person.</summary>
public sealed class AccountAudit(IAuditStore store, SecurityEvents events, TimeProvider clock)
{
    // What people see on their account pages.
    private static readonly TimeSpan ShownFor = TimeSpan.FromDays(90);

    /// <summary>The newest first: so many of what the person did, and as many failed logins, which anybody can cause.</summary>
    public async Task<IReadOnlyList<AuditEvent>> ListAsync(string subject, int most, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var query = new AuditQuery(now - ShownFor, now, most) { Subject = subject };
        var found = await Task.WhenAll(
            store.FindAsync(query with { Without = AuditKind.SignInFailed }, cancellation), store.FindAsync(query with { Kind = AuditKind.SignInFailed }, cancellation));
        return [.. found.SelectMany(events => events).OrderByDescending(entry => entry.At)];
    }

    /// <summary>The account is deleted: the events stay, under a pseudonym and without where the person was.</summary>
    public async Task ForgetAsync(string subject, string pseudonym, AuditActor actor, CancellationToken cancellation)
    {
        await store.ForgetAsync(subject, pseudonym, cancellation);
        await events.AccountDeletedAsync(subject, pseudonym, actor);
    }
}
