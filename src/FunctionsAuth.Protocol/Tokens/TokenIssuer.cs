using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Claims;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Tokens;

/// <summary>The tokens of a token response.</summary>
public sealed class TokenIssuer(AccessTokenIssuer accessTokens, IdTokenIssuer idTokens)
{
    private static readonly IReadOnlyDictionary<string, ClaimRequest> NoClaims = new Dictionary<string, ClaimRequest>();

    /// <summary>
    /// Issues the tokens of a grant. They are signed at the same time, unless the ID token depends on the access token or on claims of the user that
    /// the grant does not have.
    /// </summary>
    /// <param name="idTokenIs">The kind of ID token. There is none if the grant does not have openid, or if the request left it out.</param>
    /// <param name="user">
    /// The user, who is read and checked at the same time. It is awaited if the ID token has claims of the user. If the grant has these claims, it is
    /// awaited after signing.
    /// </param>
    /// <param name="binding">The proof that is required with each use of the access token.</param>
    public async Task<(SignedToken AccessToken, string? IdToken)> ForGrantAsync(
        Grant grant, Client client, Catalog catalog, TokenAccess access, IdTokenIs idTokenIs, Task<User> user, TokenBinding binding, CancellationToken cancellation)
    {
        var accessToken = accessTokens.ForGrantAsync(client, catalog, access, grant, user, binding, cancellation);
        if (idTokenIs == IdTokenIs.Absent)
            return (await accessToken, null);
        var idToken = IdTokenAsync();
        await Task.WhenAll(accessToken, idToken);
        return (await accessToken, await idToken);

        async Task<string> IdTokenAsync()
        {
            var content = new IdTokenContent { AccessToken = client.IdTokenAtHash ? (await accessToken).Value : null, IsRefreshed = idTokenIs == IdTokenIs.Refreshed };
            var names = IdTokenClaims.NamesFor(client, grant.Scopes, catalog);
            var requested = grant.Claims?.IdToken;
            var mapped = GroupClaims.Of(client);
            if (requested is { Count: > 0 } || !mapped.IsEmpty)
            {
                var claims = idTokens.ClaimsOf(await user, client, names);
                claims.AddRequested(await user, requested ?? NoClaims, client, catalog);
                return await IssueAsync(idTokens.WithMapped(claims, mapped, await user, client));
            }
            if (names.Count == 0)
                return await IssueAsync(null);
            if (grant.UserSnapshot is not { } snapshot || !snapshot.Knows(names))
                return await IssueAsync(idTokens.ClaimsOf(await user, client, names));
            var expected = snapshot.Of(names);
            var expecting = await IssueAsync(expected);
            var current = idTokens.ClaimsOf(await user, client, names);
            return JsonNode.DeepEquals(expected, current) ? expecting : await IssueAsync(current);

            Task<string> IssueAsync(JsonObject? claims) => idTokens.IssueAsync(grant, client, content with { Claims = claims }, cancellation);
        }
    }
}

/// <summary>The ID token of a token response.</summary>
public enum IdTokenIs
{
    Absent,

    /// <summary>The first ID token of the authorization.</summary>
    New,

    /// <summary>From a refresh: OpenID Connect Core §12.2.</summary>
    Refreshed,
}
