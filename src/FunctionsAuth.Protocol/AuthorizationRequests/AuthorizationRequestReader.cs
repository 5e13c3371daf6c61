using System.Globalization;
using System.Security.Cryptography;
using FunctionsAuth.Protocol.Claims;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Jwt;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Tokens;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.AuthorizationRequests;

/// <summary>
/// Reads and checks the parameters of an authorization request. If the client or the redirect URI is wrong, the browser is not redirected. All later
/// errors are returned to the client.
/// </summary>
public sealed class AuthorizationRequestReader(ClientRegistry clients, ScopeRegistry scopes, AccessPolicy policy, JwtVerifier verifier, RequestLanguage language, ServerOptions options)
{
    public async Task<AuthorizationRequest> ReadAsync(Parameters parameters, CancellationToken cancellation)
    {
        language.AskedFor(parameters[Parameter.UiLocales]);
        var client = await FindClientAsync(parameters, cancellation);
        var target = AuthorizationTarget.Read(client, parameters);
        try
        {
            parameters.RefuseRepeated();
            var responseType = ReadResponseType(client, parameters);
            RefuseUnsupported(client, parameters, responseType);
            var catalog = await scopes.LoadAsync(cancellation);
            var details = DetailsPolicy.Read(client, catalog, parameters[Parameter.AuthorizationDetails]);
            var (granted, resources) = policy.ForAuthorization(client, catalog, parameters[Parameter.Scope], parameters.All(Parameter.Resource), details);
            var prompts = ReadPrompts(parameters);
            var claims = ReadClaims(parameters);
            return new AuthorizationRequest
            {
                Target = target,
                ResponseType = responseType,
                RedirectUri = parameters[Parameter.RedirectUri],
                Scopes = granted,
                Resources = resources,
                Details = details,
                AlwaysAsks = DetailsPolicy.AlwaysAsks(catalog, details),
                CodeChallenge = ResponseTypeNames.Has(responseType, Parameter.Code) ? ReadCodeChallenge(client, parameters) : null,
                DpopJkt = ReadDpopJkt(client, parameters[Parameter.DpopJkt]),
                Nonce = ReadNonce(parameters, responseType, granted),
                Prompts = prompts,
                MaxAge = ReadMaxAge(client, parameters),
                Acr = AcrWish.Of(client, parameters[Parameter.AcrValues], claims),
                LoginHint = parameters[Parameter.LoginHint],
                Claims = claims,
                MoreClaims = [.. (claims?.NamesFor(client, catalog) ?? []).Except(granted.SelectMany(name => catalog.FindScope(name)?.Claims ?? []))],
                ExpectedSubject = await ReadIdTokenHintAsync(parameters, prompts, cancellation) ?? claims?.Subject,
                Encoded = parameters.Encoded,
            };
        }
        catch (OAuthException e)
        {
            throw e.To(target);
        }
    }

    /// <summary>RFC 9449 §10: a SHA-256 in base64url.</summary>
    private static string? ReadDpopJkt(Client client, string? thumbprint)
    {
        if (thumbprint is null)
            return null;
        // Nobody could redeem the code, because the token endpoint accepts no proof from such a client.
        if (client.TlsClientCertificateBoundAccessTokens)
            throw OAuthError.InvalidRequest("The access tokens of this client are bound to its certificate: send no dpop_jkt and no DPoP proof");
        return StrictBase64Url.TryDecode(thumbprint, SHA256.HashSizeInBytes, out _)
            ? thumbprint
            : throw OAuthError.InvalidRequest("The dpop_jkt must be the SHA-256 thumbprint of a key (RFC 7638), in base64url");
    }

    /// <exception cref="OAuthException">The client_id is missing or unknown. The error is shown only to the user.</exception>
    public async ValueTask<Client> FindClientAsync(Parameters parameters, CancellationToken cancellation)
    {
        var clientId = parameters[Parameter.ClientId] ?? throw OAuthError.InvalidRequest("Exactly one client_id is required");
        return await clients.FindCallerAsync(clientId, cancellation) ?? throw OAuthError.InvalidRequest("The client_id is unknown");
    }

    /// <summary>OpenID Connect Core §3.1.2.6 and §7.2.1.</summary>
    private static void RefuseUnsupported(Client client, Parameters parameters, string responseType)
    {
        if (parameters[Parameter.Registration] is not null)
            throw OAuthError.NotSupported(Parameter.Registration);
        if (parameters[Parameter.ResponseMode] is not { } mode)
            return;
        if (!ResponseModes.All.Contains(mode))
            throw OAuthError.InvalidRequest($"The response_mode must be one of {string.Join(", ", ResponseModes.All)}");
        if (!ResponseModes.Allows(responseType, mode))
            throw OAuthError.InvalidRequest("The response_modes query and query.jwt are only for response_type code: tokens must not be in the query of a URL");
        if (client.Takes(mode))
            return;
        throw OAuthError.InvalidRequest(client.SignsMessages
            ? "The response_mode must be jwt or end in .jwt: the profile of the client asks for signed responses (FAPI 2.0 Message Signing 5.4.1-1)"
            : "The client is not registered for signed responses: it needs authorization_signed_response_alg");
    }

    private string ReadResponseType(Client client, Parameters parameters)
    {
        if (parameters[Parameter.ResponseType] is not { } text)
            throw OAuthError.InvalidRequest("The response_type is required");
        if (text == ResponseTypeNames.None && OwnClients.IsOwn(client))
            return text;
        if (ResponseTypeNames.Normalize(text) is not { } type || (ResponseTypeNames.IsLegacy(type) && !options.Legacy.ImplicitAndHybrid))
            throw OAuthError.UnsupportedResponseType(options.Legacy.ImplicitAndHybrid ? $"The response_type must be one of {string.Join(", ", ResponseTypeNames.All)}" : "The response_type must be code");
        if (!client.ResponseTypes.Any(registered => ResponseTypeNames.Normalize(registered) == type))
            throw OAuthError.UnauthorizedClient("The client is not registered for this response_type");
        if (ResponseTypeNames.Has(type, Parameter.Code) && !client.MayUse(GrantTypeNames.AuthorizationCode))
            throw OAuthError.UnauthorizedClient("The client is not registered for the authorization_code grant");
        return type;
    }

    /// <summary>OpenID Connect Core §3.2.2.1 and §3.3.2.11: an ID token from the authorization endpoint needs a nonce, and openid.</summary>
    private static string? ReadNonce(Parameters parameters, string responseType, IReadOnlyList<string> scopes)
    {
        var nonce = parameters[Parameter.Nonce];
        if (!ResponseTypeNames.Has(responseType, Parameter.IdToken))
            return nonce;
        if (!scopes.Contains(StandardScopes.OpenId))
            throw OAuthError.InvalidRequest("The scope must include openid, because the response_type includes id_token");
        return nonce ?? throw OAuthError.InvalidRequest("The nonce is required, because the response_type includes id_token");
    }

    /// <summary>OpenID Connect Core §5.5.1.1: if an essential acr cannot be reached, the login fails.</summary>
    private static ClaimsRequest? ReadClaims(Parameters parameters)
    {
        if (parameters[Parameter.Claims] is not { } text)
            return null;
        var claims = ClaimsRequest.Parse(text);
        return claims.EssentialAcrs is { Count: > 0 } acrs && !acrs.Intersect(AuthenticationContexts.All).Any()
            ? throw OAuthError.UnmetAuthenticationRequirements("The essential acr has no value that this server supports")
            : claims;
    }

    /// <summary>RFC 7636 §4.3 and RFC 9700 §2.1.1: S256 only.</summary>
    private static string? ReadCodeChallenge(Client client, Parameters parameters)
    {
        var challenge = parameters[Parameter.CodeChallenge];
        var method = parameters[Parameter.CodeChallengeMethod];
        if (challenge is null)
        {
            return client.RequirePkce || method is not null
                ? throw OAuthError.InvalidRequest("PKCE is required: send code_challenge and code_challenge_method=S256")
                : null;
        }
        if (method != Pkce.S256)
            throw OAuthError.InvalidRequest("The code_challenge_method must be S256");
        return Pkce.IsChallenge(challenge) ? challenge : throw OAuthError.InvalidRequest("The code_challenge must be the SHA-256 of the code_verifier in base64url: 43 characters");
    }

    private IReadOnlyList<string> ReadPrompts(Parameters parameters)
    {
        IReadOnlyList<string> prompts = parameters[Parameter.Prompt]?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (!prompts.All(PromptNames.For(options.SelfRegistration).Contains))
            throw OAuthError.InvalidRequest($"Each value of prompt must be one of {string.Join(", ", PromptNames.For(options.SelfRegistration))}");
        return prompts.Contains(PromptNames.None) && prompts.Count > 1
            ? throw OAuthError.InvalidRequest("The prompt value none must not be combined with other values")
            : prompts;
    }

    private static TimeSpan? ReadMaxAge(Client client, Parameters parameters)
    {
        if (parameters[Parameter.MaxAge] is not { } text)
            return client.DefaultMaxAge is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        // More than 10 digits is more than 300 years.
        return text.Length <= 10 && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var maxAge)
            ? TimeSpan.FromSeconds(maxAge)
            : throw OAuthError.InvalidRequest("The max_age must be a number of seconds");
    }

    /// <summary>
    /// OpenID Connect Core §3.1.2.1: the token may have expired, and its signing key may be gone. Then the user that it names is unknown: a silent
    /// request fails, and any other request asks the user anyway.
    /// </summary>
    private async Task<string?> ReadIdTokenHintAsync(Parameters parameters, IReadOnlyList<string> prompts, CancellationToken cancellation)
    {
        if (parameters[Parameter.IdTokenHint] is not { } hint)
            return null;
        var token = await verifier.VerifyAsync(hint, JwtTypes.IdToken, allowExpired: true, cancellation);
        return token is null && prompts.Contains(PromptNames.None)
            ? throw OAuthError.LoginRequired("The id_token_hint cannot be verified: it is not an ID token of this server, or the key that signed it was removed")
            : token?.Subject;
    }
}
