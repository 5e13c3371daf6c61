using FunctionsAuth.Protocol.Errors;

namespace FunctionsAuth.Protocol.Consents;

/// <summary>Writes down what a user allowed.</summary>
public sealed class ConsentKeeper(IConsentStore store, TimeProvider clock)
{
    private const int MaxTries = 8;

    /// <param name="known">The consent as it was read, or null when there was none.</param>
    public async Task AllowAsync(Consent? known, string subject, string clientId, ConsentWish wish, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < MaxTries; attempt++)
        {
            if (known?.Covers(wish) == true)
                return;
            var wider = new Consent
            {
                Subject = subject,
                ClientId = clientId,
                Scopes = [.. (known?.Scopes ?? []).Union(wish.Scopes)],
                Resources = [.. (known?.Resources ?? []).Union(wish.Resources)],
                Claims = [.. (known?.Claims ?? []).Union(wish.Claims)],
                GrantedAt = clock.GetUtcNow(),
                RevokedBefore = known?.RevokedBefore,
                Version = known?.Version ?? "",
            };
            var result = await store.TrySaveAsync(wider, cancellation);
            if (result.Won)
                return;
            known = result.Current;
        }
        throw new TemporarilyUnavailableException("storage");
    }
}
