using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Authorize;

/// <summary>Makes an authorization code: it inserts the grant, and that one record lasts to the last refresh token.</summary>
public sealed class CodeIssuer(IGrantStore grants, ServerOptions options, TimeProvider clock)
{
    public async Task<string> IssueAsync(AuthorizationRequest request, Session session, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var codeExpiresAt = now + options.Lifetimes.AuthorizationCode;
        var refreshUntil = RefreshUntil(request, session, now);
        // The record outlives the last access token, as userinfo, introspection and revocation find the grant by it.
        var end = (refreshUntil ?? codeExpiresAt) + options.Lifetimes.LongestToken;
        var familySecret = Handle.NewSecret();
        var code = new Handle(HandleKind.AuthorizationCode, RecordAddress.New(end), familySecret, Handle.NewSecret());
        await grants.InsertAsync(
            new Grant
            {
                Address = code.Address,
                FamilyHash = SecretHash.Of(familySecret),
                ClientId = request.Client.ClientId,
                Subject = session.Subject,
                SessionId = session.Address,
                CreatedAt = now,
                Scopes = request.Scopes,
                Resources = request.Resources,
                AuthTime = session.AuthTime,
                Amr = session.Amr,
                Nonce = request.Nonce,
                RedirectUri = request.RedirectUri,
                CodeChallenge = request.CodeChallenge,
                CodeHash = SecretHash.Of(code.Secret),
                CodeExpiresAt = codeExpiresAt,
                RefreshUntil = refreshUntil,
            },
            cancellation);
        return code.Encode();
    }

    /// <summary>With offline_access it outlives the session; without, it can't.</summary>
    private DateTimeOffset? RefreshUntil(AuthorizationRequest request, Session session, DateTimeOffset now)
    {
        if (!request.Client.MayUse(GrantTypes.RefreshToken))
            return null;
        var own = now + request.Client.RefreshLifetime(options.Lifetimes);
        return request.WantsOfflineAccess || own < session.ExpiresAt ? own : session.ExpiresAt;
    }
}
