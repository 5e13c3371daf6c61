using FunctionsAuth.Protocol.Authorize;
using FunctionsAuth.Protocol.Errors;

namespace FunctionsAuth.Protocol.Consents;

/// <summary>Writes down what a user allowed.</summary>
public sealed class ConsentKeeper(IConsentStore store, TimeProvider clock)
{
    private const int MaxTries = 8;

    /// <param name="known">The consent as it was read, or null when there was none.</param>
    public Task AllowAsync(Consent? known, string subject, AuthorizationRequest request, CancellationToken cancellation) =>
        AllowAsync(known, subject, request.Client.ClientId, request.Scopes, request.Resources, request.MoreClaims, cancellation);

    /// <summary>What the operator decided for a client whose user is not asked.</summary>
    public Task AllowAsync(Consent? known, string subject, string clientId, IReadOnlyList<string> scopes, IReadOnlyList<string> resources, CancellationToken cancellation) =>
        AllowAsync(known, subject, clientId, scopes, resources, [], cancellation);

    private async Task AllowAsync(
        Consent? known, string subject, string clientId, IReadOnlyList<string> scopes, IReadOnlyList<string> resources, IReadOnlyList<string> claims,
        CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < MaxTries; attempt++)
        {
            if (known?.Covers(scopes, resources, claims) == true)
                return;
            var wider = new Consent
            {
                Subject = subject,
                ClientId = clientId,
                Scopes = [.. (known?.Scopes ?? []).Union(scopes)],
                Resources = [.. (known?.Resources ?? []).Union(resources)],
                Claims = [.. (known?.Claims ?? []).Union(claims)],
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
