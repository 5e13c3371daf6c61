using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Consents;

/// <summary>Writes down what a user allowed, and what was taken back.</summary>
public sealed class ConsentKeeper(IConsentStore store, SecurityEvents events, TimeProvider clock)
{
    /// <param name="known">The consent as it was read, or null when there was none.</param>
    public async Task AllowAsync(Consent? known, string subject, string clientId, ConsentWish wish, CancellationToken cancellation)
    {
        var isNew = false;
        await CompareAndSwap.ChangeAsync(known, current => (isNew = current?.Covers(wish) != true) ? Widened(current) : null, store.TrySaveAsync, cancellation);
        if (isNew)
            events.ConsentGiven(subject, clientId, wish.Scopes);

        Consent Widened(Consent? current)
        {
            var given = current is { IsRevoked: false } ? current : null;
            return new Consent
            {
                Subject = subject,
                ClientId = clientId,
                Scopes = [.. (given?.Scopes ?? []).Union(wish.Scopes)],
                Resources = [.. (given?.Resources ?? []).Union(wish.Resources)],
                Claims = [.. (given?.Claims ?? []).Union(wish.Claims)],
                GrantedAt = clock.GetUtcNow(),
                RevokedBefore = current?.RevokedBefore,
                Version = current?.Version ?? "",
            };
        }
    }

    /// <summary>
    /// Takes a client's access back: one write after which every grant of before is dead, however many there are. The user is asked again
    /// when the client comes the next time.
    /// </summary>
    /// <returns>False when the client had no access.</returns>
    public async Task<bool> RevokeAsync(string subject, string clientId, CancellationToken cancellation)
    {
        var isRevoked = false;
        await CompareAndSwap.ChangeAsync(await store.FindAsync(subject, clientId, cancellation), Revoked, store.TrySaveAsync, cancellation);
        if (isRevoked)
            events.ConsentRevoked(subject, clientId);
        return isRevoked;

        Consent? Revoked(Consent? current)
        {
            isRevoked = current is { IsRevoked: false };
            return isRevoked ? current! with { RevokedBefore = Later(clock.GetUtcNow(), current!.GrantedAt) } : null;
        }
    }

    /// <summary>What the user allowed and nobody took back, in the order of the clients' ids.</summary>
    public async Task<IReadOnlyList<Consent>> ListAsync(string subject, CancellationToken cancellation) =>
        [.. (await store.ListAsync(subject, cancellation)).Where(consent => !consent.IsRevoked).OrderBy(consent => consent.ClientId, StringComparer.Ordinal)];

    // Another machine's clock may be ahead of this one's: a consent that it wrote is taken back all the same.
    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
