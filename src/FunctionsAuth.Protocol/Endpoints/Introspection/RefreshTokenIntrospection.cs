using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Tokens;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Endpoints.Introspection;

/// <summary>
/// The introspection answer for a refresh token, to the client that holds it. Introspection does not count as a use of the token and changes nothing.
/// </summary>
public sealed class RefreshTokenIntrospection(IGrantStore grants, RefreshTokenRules rules, GrantBasis basis, SubjectIdentifiers subjects, ScopeRegistry scopes)
{
    /// <returns>Null when it is not active.</returns>
    public async Task<JsonObject?> DescribeAsync(Handle token, Client caller, CancellationToken cancellation)
    {
        var grant = await grants.FindAsync(token.Address, cancellation);
        if (grant is not { RevokedAt: null, RefreshHash: not null } || grant.ClientId != caller.ClientId || rules.HasExpired(grant, caller)
            || rules.StateOf(grant, token) is RefreshTokenState.Forged or RefreshTokenState.Reused)
            return null;
        User user;
        try
        {
            (user, _) = await basis.RequireAsync(grant, caller, cancellation);
        }
        catch (OAuthException)
        {
            return null;
        }
        var answer = new JsonObject
        {
            ["active"] = true,
            ["client_id"] = grant.ClientId,
            ["sub"] = await subjects.OfAsync(caller, grant.Subject, cancellation),
            ["scope"] = string.Join(' ', caller.LeftOf(grant.Scopes, caller.For(user.Groups))),
            ["exp"] = grant.RefreshUntil!.Value.ToUnixTimeSeconds(),
            ["iat"] = grant.RotatedAt!.Value.ToUnixTimeSeconds(),
        };
        // Rights that the operator has removed since are no longer included.
        var details = DetailsPolicy.StillGood(caller.For(user.Groups), await scopes.LoadAsync(cancellation), grant.Details);
        if (details.Count > 0)
            answer[Parameter.AuthorizationDetails] = JsonNode.Parse(details.ToString());
        return answer;
    }
}
