using System.Globalization;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Claims;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Tokens;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Issuing;

/// <summary>
/// The tokens of an authorization response: OpenID Connect Core §3.2.2.5 and §3.3.2.5. Legacy: see <see cref="Configuration.LegacyOptions"/>.
/// </summary>
public sealed class FrontChannelTokens(
    AccessTokenIssuer accessTokens, IdTokenIssuer idTokens, ScopeRegistry scopes, AccessPolicy policy, IUserStore users)
{
    /// <param name="grant">About to be stored.</param>
    /// <param name="code">The code that is returned with the tokens; null when there is none.</param>
    /// <returns>The parameters of the response.</returns>
    public async Task<List<KeyValuePair<string, string>>> IssueAsync(AuthorizationRequest request, Grant grant, string? code, CancellationToken cancellation)
    {
        // The token endpoint checks this before it issues a token, so this code must do the same.
        if (await users.FindAsync(grant.Subject, cancellation) is not { } user || !user.Trusts(grant.AuthTime))
            throw OAuthError.LoginRequired("The user account is disabled or deleted, or the user must sign in again").To(request.Target);
        if (!request.Client.Admits(user.Groups, grant.Scopes))
            throw OAuthError.Denied("The user is no longer in a group that may use this client").To(request.Target);
        var client = request.Client.For(user.Groups);
        var catalog = await scopes.LoadAsync(cancellation);
        List<KeyValuePair<string, string>> fields = [];
        string? accessToken = null;
        if (request.Brings(Parameter.Token))
        {
            var access = policy.Narrow(client, catalog, grant, AccessWish.Everything);
            var token = await accessTokens.ForGrantAsync(client, catalog, access, grant, Task.FromResult(user), TokenBinding.None, cancellation);
            accessToken = token.Value;
            fields.Add(new(Parameter.AccessToken, token.Value));
            fields.Add(new(Parameter.TokenType, TokenTypes.Bearer));
            fields.Add(new(Parameter.ExpiresIn, ((long)token.Lifetime.TotalSeconds).ToString(CultureInfo.InvariantCulture)));
            fields.Add(new(Parameter.Scope, string.Join(' ', access.Scopes)));
        }
        if (request.Brings(Parameter.IdToken))
        {
            var content = new IdTokenContent { AccessToken = accessToken, Code = code, Claims = ClaimsOf(request, client, user, catalog) };
            fields.Add(new(Parameter.IdToken, await idTokens.IssueAsync(grant, request.Client, content, cancellation)));
        }
        return fields;
    }

    /// <summary>OpenID Connect Core §5.4: the claims of the scopes are in the ID token only when there is no access token for userinfo.</summary>
    private JsonObject ClaimsOf(AuthorizationRequest request, Client client, User user, Catalog catalog)
    {
        var claims = request.ResponseType == Parameter.IdToken ? UserClaims.OfScopes(user, request.Scopes.Where(name => name != StandardScopes.OpenId && client.Scopes.Contains(name)), catalog) : [];
        if (request.Claims is { } requested)
            claims.AddRequested(user, requested.IdToken, client, catalog);
        return idTokens.WithMapped(claims, GroupClaims.Of(client), user, client);
    }
}
