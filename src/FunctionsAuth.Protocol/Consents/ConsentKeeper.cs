using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Storage;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Consents;

/// <summary>Stores what a user allowed and what the user revoked.</summary>
public sealed partial class ConsentKeeper(IConsentStore store, SecurityEvents events, TimeProvider clock, ILogger<ConsentKeeper> log)
{
    /// <summary>Of more the person is asked again.</summary>
    private const int MostDetails = 2 * AuthorizationDetails.Most;

    /// <param name="known">The consent as it was read, or null when there was none.</param>
    /// <param name="declined">The parts of the request that the user declined. They are no longer allowed, even if they were before.</param>
    public async Task AllowAsync(Consent? known, string subject, string clientId, ConsentWish wish, ConsentWish declined, CancellationToken cancellation)
    {
        var isNew = false;
        await CompareAndSwap.ChangeAsync(known, Change, store.TrySaveAsync, cancellation);
        if (isNew)
            await events.ConsentGivenAsync(subject, clientId, wish.Scopes);

        Consent? Change(Consent? current)
        {
            isNew = current?.Covers(wish) != true;
            return isNew || current!.HasAnyOf(declined) ? Answered(current) : null;
        }

        Consent Answered(Consent? current)
        {
            var given = current is { IsRevoked: false } ? current : null;
            return new Consent
            {
                Subject = subject,
                ClientId = clientId,
                Scopes = [.. (given?.Scopes ?? []).Except(declined.Scopes).Union(wish.Scopes)],
                Resources = [.. (given?.Resources ?? []).Except(declined.Resources).Union(wish.Resources)],
                Claims = [.. (given?.Claims ?? []).Except(declined.Claims).Union(wish.Claims)],
                Details = WithDetails(given?.Details ?? [], wish.Details),
                GrantedAt = clock.GetUtcNow(),
                RevokedBefore = current?.RevokedBefore,
                LastUsedAt = current?.LastUsedAt,
                Version = current?.Version ?? "",
            };
        }
    }

    /// <summary>New details replace the earlier details of the same types, so that a client with a new payment each day does not fill the row.</summary>
    private static List<string> WithDetails(IReadOnlyList<string> before, IReadOnlyList<string> wished)
    {
        var types = wished.Select(AuthorizationDetail.TypeOf).ToHashSet();
        return [.. wished.Concat(before.Where(mark => !types.Contains(AuthorizationDetail.TypeOf(mark)))).Take(MostDetails)];
    }

    /// <summary>
    /// Revokes the access of a client. This one write makes all its earlier grants invalid, however many there are. The next request of the client
    /// asks the user again.
    /// </summary>
    /// <returns>False when the client had no access.</returns>
    public async Task<bool> RevokeAsync(string subject, string clientId, AuditActor actor, CancellationToken cancellation)
    {
        var isRevoked = false;
        await CompareAndSwap.ChangeAsync(await store.FindAsync(subject, clientId, cancellation), Revoked, store.TrySaveAsync, cancellation);
        if (isRevoked)
            await events.ConsentRevokedAsync(subject, clientId, actor);
        return isRevoked;

        Consent? Revoked(Consent? current)
        {
            isRevoked = current is { IsRevoked: false };
            return isRevoked ? current! with { RevokedBefore = Later(clock.GetUtcNow(), current!.GrantedAt) } : null;
        }
    }

    /// <summary>Stores the day on which the client last got tokens. Tokens do not depend on it: if storage fails here, the next use tries again.</summary>
    public async Task TouchAsync(Consent consent, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (!consent.IsWorthTouching(now))
            return;
        try
        {
            await store.TouchAsync(consent, now, cancellation);
        }
        catch (TemporarilyUnavailableException e)
        {
            LogNotTouched(consent.ClientId, e);
        }
    }

    /// <summary>The consents of the user that are not revoked, in the order of the client ids.</summary>
    public async Task<IReadOnlyList<Consent>> ListAsync(string subject, CancellationToken cancellation) =>
        [.. (await store.ListAsync(subject, cancellation)).Where(consent => !consent.IsRevoked).OrderBy(consent => consent.ClientId, StringComparer.Ordinal)];

    // The clock of the instance that wrote the consent may be ahead of the clock of this instance. The revocation must apply to such a consent too.
    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    [LoggerMessage(3006, LogLevel.Warning, "The use of what a person allowed client {ClientId} could not be written down")]
    private partial void LogNotTouched(string clientId, Exception exception);
}
