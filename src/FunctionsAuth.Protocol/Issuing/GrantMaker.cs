using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Claims;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Issuing;

/// <summary>The access that a user gives a client.</summary>
/// <param name="Resources">The resources that the request named (RFC 8707); empty when it named none.</param>
public sealed record NewGrant(Client Client, IReadOnlyList<string> Scopes, IReadOnlyList<string> Resources)
{
    public AuthorizationDetails Details { get; init; } = AuthorizationDetails.None;
    public AcrWish Acr { get; init; } = AcrWish.None;
    public string? Nonce { get; init; }
    public ClaimsRequest? Claims { get; init; }
    public string? RedirectUri { get; init; }
    public string? CodeChallenge { get; init; }
    public string? DpopJkt { get; init; }

    /// <summary>The client gets a code. Without a code, the first handle of the grant is given to nobody and is never valid.</summary>
    public bool HasCode { get; init; }

    /// <summary>The client may refresh, if it is registered for it.</summary>
    public bool MayRefresh { get; init; }
}

/// <summary>Creates grants. Each is one record, which lasts from the code to the last refresh token.</summary>
public sealed class GrantMaker(ServerOptions options, TimeProvider clock)
{
    /// <returns>The grant, not stored yet, and its first handle: the code, if there is one.</returns>
    public (Grant Grant, Handle First) Make(NewGrant wish, Session session)
    {
        var now = clock.GetUtcNow();
        var refreshUntil = wish.MayRefresh ? RefreshUntil(wish, session, now) : null;
        // The record lasts longer than the last access token, because userinfo, introspection and revocation find the grant by it.
        var end = (refreshUntil ?? now + wish.Client.CodeLifetime(options.Lifetimes)) + options.Lifetimes.LongestToken;
        var first = new Handle(HandleKind.AuthorizationCode, RecordAddress.New(end), Handle.NewSecret(), Handle.NewSecret());
        var grant = new Grant
        {
            Address = first.Address,
            FamilyHash = SecretHash.Of(first.FamilySecret),
            ClientId = wish.Client.ClientId,
            Subject = session.Subject,
            SessionId = session.Address,
            CreatedAt = now,
            Scopes = wish.Scopes,
            Resources = wish.Resources,
            Details = wish.Details,
            AuthTime = session.AuthTime,
            Amr = session.Amr,
            Acr = wish.Acr.OtherNameOf(AuthenticationContexts.LevelOf(session.Amr)),
            Nonce = wish.Nonce,
            UserSnapshot = session.UserSnapshot?.Only(IdTokenClaims.StandardNamesFor(wish.Client, wish.Scopes)),
            Claims = wish.Claims,
            RedirectUri = wish.RedirectUri,
            CodeChallenge = wish.CodeChallenge,
            DpopJkt = wish.DpopJkt,
            CodeHash = SecretHash.Of(first.Secret),
            CodeExpiresAt = wish.HasCode ? now + wish.Client.CodeLifetime(options.Lifetimes) : now,
            RefreshUntil = refreshUntil,
        };
        return (grant, first);
    }

    /// <summary>With offline_access, the grant can outlive the session. Without it, the grant cannot. Null: the client gets no refresh token.</summary>
    private DateTimeOffset? RefreshUntil(NewGrant wish, Session session, DateTimeOffset now)
    {
        if (!wish.Client.MayUse(GrantTypeNames.RefreshToken))
            return null;
        var own = now + wish.Client.RefreshLifetime(options.Lifetimes);
        return wish.Scopes.Contains(StandardScopes.OfflineAccess) || own < session.ExpiresAt ? own : session.ExpiresAt;
    }
}
