using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Issuing;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Tokens;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.GrantTypes.Password;

/// <summary>
/// A first-party client sends the name and the password of its user: RFC 6749 §4.3. Legacy: see <see cref="Configuration.LegacyOptions"/>. Wrong
/// passwords are counted as on the login page.
/// </summary>
public sealed class PasswordHandler(PasswordLogin passwords, PasswordTokens issuer, LoginLevels levels, ICredentialStore credentials, LegacyUses legacy) : GrantTypeHandler
{
    public override string Name => GrantTypeNames.Password;

    public override async Task<TokenResponse> HandleAsync(TokenRequest request, CancellationToken cancellation)
    {
        var (client, form) = (request.Client, request.Form);
        var username = form[Parameter.Username] ?? throw OAuthError.InvalidRequest("The username is required");
        var password = form[Parameter.Password] ?? throw OAuthError.InvalidRequest("The password is required");
        if (!client.FirstParty)
            throw OAuthError.UnauthorizedClient("Only first-party clients may use the password grant");
        await legacy.NoteAsync(client, "grant_type password", cancellation);
        var wish = await issuer.ReadAsync(client, form, cancellation);
        // The same text for a wrong name, a wrong password and an account that is temporarily locked.
        var result = await passwords.AuthenticateAsync(username, password, new LoginCaller(null, null) { ClientId = client.ClientId }, cancellation);
        var login = result.SignedIn ?? throw OAuthError.InvalidGrant("The username or the password is wrong, or there were too many failed attempts");
        // RFC 9700 §2.4: this grant has no way to ask for more than a password.
        if (levels.DemandedOf(client, login.User.Groups) > AuthenticationLevel.Password || (await credentials.FindAsync(login.User.Subject, cancellation)).Factors.HasAny)
            throw OAuthError.InvalidGrant("The user must use a second factor, which the password grant does not support");
        await request.UseProofAsync(cancellation);
        return await issuer.IssueAsync(wish, login, request, cancellation);
    }
}

/// <summary>Creates the grant and the tokens of a user who gave the right password.</summary>
public sealed class PasswordTokens(
    SessionStarter sessions, ConsentKeeper consents, GrantMaker maker, IGrantStore grants, ScopeRegistry scopes, AccessPolicy policy, TokenIssuer tokens)
{
    /// <summary>The access that the request asks for. It is checked before the password.</summary>
    public async Task<NewGrant> ReadAsync(Client client, Parameters form, CancellationToken cancellation)
    {
        var catalog = await scopes.LoadAsync(cancellation);
        if (form[Parameter.AuthorizationDetails] is not null)
            throw OAuthError.InvalidAuthorizationDetails("The password grant does not support authorization_details, because it has no consent page");
        AccessPolicy.RefuseForbidden(client, catalog, form[Parameter.Scope]);
        var (granted, resources) = policy.ForAuthorization(client, catalog, form[Parameter.Scope], form.All(Parameter.Resource), AuthorizationDetails.None);
        return new NewGrant(client, granted, resources) { MayRefresh = true };
    }

    public async Task<TokenResponse> IssueAsync(NewGrant wish, ProvenLogin login, TokenRequest request, CancellationToken cancellation)
    {
        var user = login.User;
        var catalog = await scopes.LoadAsync(cancellation);
        wish = ForUser(wish, user, catalog);
        // No browser has this session, but a refresh token without offline_access depends on it.
        var session = await sessions.StartWithoutBrowserAsync(login, wish.Client.ClientId, cancellation);
        var (grant, first) = maker.Make(wish, session);
        // There was no code, so the refresh token is the first secret of the grant.
        grant = request.Bind(grant with { CodeRedeemedAt = grant.CreatedAt });
        Handle? refreshToken = null;
        if (grant.RefreshUntil is not null)
            (grant, refreshToken) = RefreshTokenFamily.Begin(grant, first, grant.CreatedAt);
        var access = policy.Narrow(wish.Client, catalog, grant, AccessWish.Everything);
        var (accessToken, idToken) = await tokens.ForGrantAsync(
            grant, wish.Client, catalog, access, grant.Has(StandardScopes.OpenId) ? IdTokenIs.New : IdTokenIs.Absent, Task.FromResult(user), request.Binding, cancellation);
        await consents.AllowAsync(null, user.Subject, wish.Client.ClientId, new ConsentWish(wish.Scopes, wish.Resources, []), ConsentWish.Nothing, cancellation);
        await grants.InsertAsync(grant, cancellation);
        return new TokenResponse(accessToken, access) { IdToken = idToken, RefreshToken = refreshToken?.Encode(), Binding = request.Binding };
    }

    /// <summary>The part of the request that the user's groups allow.</summary>
    /// <exception cref="OAuthException"><c>invalid_grant</c>: the groups allow nothing of it.</exception>
    private NewGrant ForUser(NewGrant wish, User user, Catalog catalog)
    {
        if (!wish.Client.HasScopeMaps())
            return wish;
        return policy.ForMember(user.Groups, wish.Client, catalog, wish.Scopes, wish.Resources, wish.Details) is var (own, granted, resources)
            ? wish with { Client = own, Scopes = granted, Resources = resources }
            : throw OAuthError.InvalidGrant("The user is in no group that may use this client");
    }
}
