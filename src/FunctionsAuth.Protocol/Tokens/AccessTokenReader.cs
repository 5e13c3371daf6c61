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

/// <summary>What a live access token rests on; no grant and no user for a token that a client got for itself.</summary>
/// <param name="Client">The client as the token's subject uses it: without the scopes that the subject's groups do not give any more.</param>
/// <param name="Groups">The groups of the subject.</param>
public sealed record LiveToken(Grant? Grant, User? User, Client Client, IReadOnlyList<string> Groups)
{
    /// <summary>What is left of the token's scopes: see <see cref="GroupScopes"/>.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }
}

/// <summary>Reads access tokens, and asks their grant, user and consent whether they are still good.</summary>
public sealed class AccessTokenReader(
    JwtVerifier verifier, IReferenceTokenStore references, IGrantStore grants, IConsentStore consents, IUserStore users, TimeProvider clock)
{
    /// <returns>Null when it is none of ours, or has expired.</returns>
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

    /// <summary>Grant, user and consent are read at the same time. A token without a grant lives until it expires.</summary>
    /// <param name="client">The client of the token.</param>
    /// <returns>Null when the token was revoked, when the user is not active, must sign in again or is in no group that may use the client, and when the consent was taken back.</returns>
    public async Task<LiveToken?> FindLiveAsync(AccessToken token, Client client, CancellationToken cancellation)
    {
        if (token.Grant is not { } address)
            return Live(null, null, client.ForItself(), client.Groups);
        var grant = grants.FindAsync(address, cancellation);
        // A pairwise subject is the client's own name for the user: whose it is, the grant knows.
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
