using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Consents;

/// <summary>Writes down what a user allowed.</summary>
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
}
