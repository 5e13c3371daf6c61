using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.GrantTypes.AuthorizationCode;

/// <summary>Checks whether a code is valid, and revokes its grant when the code was stolen or used twice.</summary>
public sealed class CodeGuard(IGrantStore grants, SecurityEvents events, TimeProvider clock)
{
    public async Task<(Handle Code, Grant Grant)> FindAsync(Parameters form, CancellationToken cancellation)
    {
        var text = form[Parameter.Code] ?? throw OAuthError.InvalidRequest("The code is required");
        if (!Handle.TryParse(text, HandleKind.AuthorizationCode, out var code))
            throw NotValid();
        var grant = await grants.FindAsync(code.Address, cancellation);
        // A known address with a wrong secret is a forgery, so nothing changes.
        return grant is not null && grant.IsFamily(code) && SecretHash.Matches(code.Secret, grant.CodeHash) ? (code, grant) : throw NotValid();
    }

    /// <summary>Returns the grant if its code is valid for this request. If the code was used before, its grant is revoked.</summary>
    /// <exception cref="OAuthException"><c>invalid_grant</c>, with the problem.</exception>
    public async Task AcceptAsync(Grant grant, Handle code, TokenRequest request, CancellationToken cancellation)
    {
        var form = request.Form;
        if (grant.ClientId != request.Client.ClientId)
            throw NotValid();
        // RFC 6749 §4.1.3: the redirect_uri is the one of the authorization request, or absent if it was absent there.
        if (grant.RedirectUri != form[Parameter.RedirectUri])
            throw OAuthError.InvalidGrant("The redirect_uri must be the same as in the authorization request");
        CheckVerifier(grant.CodeChallenge, form[Parameter.CodeVerifier]);
        // RFC 9449 §10: a thief who has the code but not the key gets nothing.
        if (grant is { DpopJkt: { } key, CodeRedeemedAt: null } && key != request.Binding.Jkt)
            throw OAuthError.InvalidGrant("The code is bound to another key than the one that signed the DPoP proof");
        // This check comes last: somebody who found an old code of a public client, but not its verifier, must not be able to revoke the grant.
        if (grant.RevokedAt is not null)
            throw NotValid();
        if (grant.CodeRedeemedAt is not null)
            throw await ReusedAsync(grant, code, cancellation);
        if (clock.GetUtcNow() >= grant.CodeExpiresAt)
            throw NotValid();
    }

    /// <summary>RFC 7636 §4.6; RFC 9700 §4.8.2: a verifier without a challenge indicates a downgrade attack.</summary>
    private static void CheckVerifier(string? challenge, string? verifier)
    {
        if (challenge is null && verifier is null)
            return;
        if (challenge is null)
            throw OAuthError.InvalidGrant("The request has a code_verifier, but the authorization request had no code_challenge");
        if (verifier is null)
            throw OAuthError.InvalidGrant("The code_verifier is required, because the authorization request had a code_challenge");
        if (!Pkce.IsVerifier(verifier) || !Pkce.Matches(verifier, challenge))
            throw OAuthError.InvalidGrant("The code_verifier does not match the code_challenge");
    }

    /// <summary>RFC 6749 §4.1.2: a code that is used twice is refused, and its tokens are revoked.</summary>
    public async Task<OAuthException> ReusedAsync(Grant grant, Handle code, CancellationToken cancellation)
    {
        await Task.WhenAll(
            grants.RevokeAsync(code.Address, clock.GetUtcNow(), cancellation),
            events.CodeReusedAsync(grant.Subject, grant.ClientId, grant.Address.ToString()));
        return NotValid();
    }

    public static OAuthException NotValid() => OAuthError.InvalidGrant("The code is not valid: it is unknown, expired, already used, or was issued to another client");
}
