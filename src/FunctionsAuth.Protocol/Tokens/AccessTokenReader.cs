using System.Buffers.Text;
using System.Text;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Jwt;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Tokens;

/// <summary>The basis of an active access token. There is no grant and no user for a token that a client got for itself.</summary>
/// <param name="Client">The client with the scopes that the groups of the subject still give.</param>
/// <param name="Groups">The groups of the subject.</param>
public sealed record LiveToken(Grant? Grant, User? User, Client Client, IReadOnlyList<string> Groups)
{
    /// <summary>The scopes of the token that are still valid: see <see cref="GroupScopes"/>.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }
}

/// <summary>Reads access tokens, and checks with their grant, user and consent whether they are still valid.</summary>
public sealed class AccessTokenReader(
    JwtVerifier verifier, IReferenceTokenStore references, IGrantStore grants, IConsentStore consents, IUserStore users, TimeProvider clock)
{
    /// <returns>Null when it is not a token of this server, or has expired.</returns>
    public async ValueTask<AccessToken?> ReadAsync(string? token, CancellationToken cancellation)
    {
        if (Handle.TryParse(token, HandleKind.AccessToken, out var handle))
            return await ReadReferenceAsync(handle, cancellation);
        return await verifier.VerifyAsync(token, JwtTypes.AccessToken, allowExpired: false, cancellation) is { } jwt
            ? AccessToken.Parse(Base64Url.DecodeFromChars(jwt.EncodedPayload), null)
            : null;
    }

    private async Task<AccessToken?> ReadReferenceAsync(Handle handle, CancellationToken cancellation)
    {
        var record = await references.FindAsync(handle.Address, cancellation);
        if (record is null || !SecretHash.Matches(handle.Secrets, record.Hash))
            return null;
        var token = AccessToken.Parse(Encoding.UTF8.GetBytes(record.Payload), handle.Address);
        return clock.GetUtcNow() < token.ExpiresAt ? token : null;
    }

    /// <summary>Grant, user and consent are read at the same time. A token without a grant is valid until it expires.</summary>
    /// <param name="client">The client of the token.</param>
    /// <returns>
    /// Null when the token was revoked, when the user is disabled, must sign in again or is in no group that may use the client, and when the consent
    /// was revoked.
    /// </returns>
    public async Task<LiveToken?> FindLiveAsync(AccessToken token, Client client, CancellationToken cancellation)
    {
        if (token.Grant is not { } address)
            return Live(null, null, client.ForItself(), client.Groups);
        var grant = grants.FindAsync(address, cancellation);
        // A pairwise subject is the client's own name for the user. The grant has the real subject.
        if ((client.IsPairwise ? (await grant)?.Subject : token.Subject) is not { } subject)
            return null;
        var consent = consents.FindAsync(subject, token.ClientId, cancellation);
        var user = users.FindAsync(subject, cancellation);
        await Task.WhenAll(grant, consent, user);
        return await grant is { RevokedAt: null } live && live.Subject == subject && GrantBasis.ProblemOf(live, client, await user, await consent) is null
            ? Live(live, await user, client.For((await user)!.Groups), (await user)!.Groups)
            : null;

        LiveToken Live(Grant? grant, User? user, Client own, IReadOnlyList<string> groups) =>
            new(grant, user, own, groups) { Scopes = [.. client.LeftOf(token.Scopes, own)] };
    }
}
