using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Issuing;

/// <summary>
/// Makes what a user allowed a client into a grant: one record, which lasts from the code to the last refresh token. With a
/// legacy response type there are tokens at once, signed before the grant is stored, as at the token endpoint.
/// </summary>
public sealed class GrantIssuer(
    IGrantStore grants, ISessionStore sessions, FrontChannelTokens frontChannel, LegacyUses legacy, ServerOptions options, TimeProvider clock)
{
    /// <returns>The parameters of the authorization response.</returns>
    public async Task<IReadOnlyList<KeyValuePair<string, string>>> IssueAsync(AuthorizationRequest request, Session session, CancellationToken cancellation)
    {
        var (grant, handle) = New(request, session);
        var code = request.WantsCode ? handle.Encode() : null;
        List<KeyValuePair<string, string>> fields = code is null ? [] : [new(Parameter.Code, code)];
        if (ResponseTypeNames.IsLegacy(request.ResponseType))
        {
            await legacy.NoteAsync(request.Client, $"response_type {request.ResponseType}", cancellation);
            fields.AddRange(await frontChannel.IssueAsync(request, grant, code, cancellation));
        }
        // Only with both: what a client gets that nobody could tell of the logout must not get out.
        await Task.WhenAll(grants.InsertAsync(grant, cancellation), sessions.JoinAsync(session, request.Client, cancellation));
        return fields;
    }

    /// <summary>A grant that never had a code: its refresh token, if the client gets one, is the first handle of it.</summary>
    public (Grant Grant, Handle? RefreshToken) NewRedeemed(Client client, IReadOnlyList<string> scopes, IReadOnlyList<string> resources, Session session)
    {
        var now = clock.GetUtcNow();
        var refreshUntil = RefreshUntil(client, scopes, session, now);
        var (grant, handle) = New(client, session, now, refreshUntil, scopes, resources);
        grant = grant with { CodeRedeemedAt = now };
        return refreshUntil is null ? (grant, null) : RefreshTokenFamily.Begin(grant, handle, now);
    }

    public Task InsertAsync(Grant grant, CancellationToken cancellation) => grants.InsertAsync(grant, cancellation);

    private (Grant Grant, Handle Code) New(AuthorizationRequest request, Session session)
    {
        var now = clock.GetUtcNow();
        var refreshUntil = request.WantsCode ? RefreshUntil(request.Client, request.Scopes, session, now) : null;
        var (grant, code) = New(request.Client, session, now, refreshUntil, request.Scopes, request.Resources);
        return (grant with
        {
            Nonce = request.Nonce,
            Claims = request.Claims,
            RedirectUri = request.RedirectUri,
            CodeChallenge = request.CodeChallenge,
            // Without a code nobody gets the handle, and it is never good.
            CodeExpiresAt = request.WantsCode ? now + options.Lifetimes.AuthorizationCode : now,
        }, code);
    }

    private (Grant Grant, Handle Code) New(
        Client client, Session session, DateTimeOffset now, DateTimeOffset? refreshUntil, IReadOnlyList<string> scopes, IReadOnlyList<string> resources)
    {
        // The record outlives the last access token, as userinfo, introspection and revocation find the grant by it.
        var end = (refreshUntil ?? now + options.Lifetimes.AuthorizationCode) + options.Lifetimes.LongestToken;
        var code = new Handle(HandleKind.AuthorizationCode, RecordAddress.New(end), Handle.NewSecret(), Handle.NewSecret());
        var grant = new Grant
        {
            Address = code.Address,
            FamilyHash = SecretHash.Of(code.FamilySecret),
            ClientId = client.ClientId,
            Subject = session.Subject,
            SessionId = session.Address,
            CreatedAt = now,
            Scopes = scopes,
            Resources = resources,
            AuthTime = session.AuthTime,
            Amr = session.Amr,
            CodeHash = SecretHash.Of(code.Secret),
            CodeExpiresAt = now,
            RefreshUntil = refreshUntil,
        };
        return (grant, code);
    }

    /// <summary>With offline_access it outlives the session; without, it can't. Null: the client gets no refresh token.</summary>
    private DateTimeOffset? RefreshUntil(Client client, IReadOnlyList<string> scopes, Session session, DateTimeOffset now)
    {
        if (!client.MayUse(GrantTypeNames.RefreshToken))
            return null;
        var own = now + client.RefreshLifetime(options.Lifetimes);
        return scopes.Contains(StandardScopes.OfflineAccess) || own < session.ExpiresAt ? own : session.ExpiresAt;
    }
}
