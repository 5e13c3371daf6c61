using FunctionsAuth.Protocol.Claims;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Tokens;

/// <summary>The tokens of a token response.</summary>
public sealed class TokenIssuer(AccessTokenIssuer accessTokens, IdTokenIssuer idTokens)
{
    /// <summary>The tokens of a user's grant, signed at the same time unless the ID token depends on the access token or the user.</summary>
    /// <param name="idTokenIs">Which ID token there is: none where the grant has no openid, or the request narrowed it away.</param>
    /// <param name="user">Being read and checked; awaited only where the ID token says something of the user.</param>
    public async Task<(SignedToken AccessToken, string? IdToken)> ForGrantAsync(
        Grant grant, Client client, Catalog catalog, TokenAccess access, IdTokenIs idTokenIs, Task<User> user, CancellationToken cancellation)
    {
        var accessToken = accessTokens.ForGrantAsync(client, catalog, access, grant, cancellation);
        if (idTokenIs == IdTokenIs.Absent)
            return (await accessToken, null);
        var idToken = IdTokenAsync();
        await Task.WhenAll(accessToken, idToken);
        return (await accessToken, await idToken);

        async Task<string> IdTokenAsync()
        {
            var content = new IdTokenContent { AccessToken = client.IdTokenAtHash ? (await accessToken).Value : null, IsRefreshed = idTokenIs == IdTokenIs.Refreshed };
            if (grant.Claims is { IdToken.Count: > 0 } requested)
            {
                content = content with { Claims = [] };
                content.Claims.AddRequested(await user, requested.IdToken, client, catalog);
            }
            return await idTokens.IssueAsync(grant, client, content, cancellation);
        }
    }
}

/// <summary>The ID token of a token response.</summary>
public enum IdTokenIs
{
    Absent,

    /// <summary>The first one of the authorization.</summary>
    New,

    /// <summary>From a refresh: OpenID Connect Core §12.2.</summary>
    Refreshed,
}
