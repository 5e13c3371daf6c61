using System.Globalization;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Jwt;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Authorize;

/// <summary>
/// Reads an authorization request, check by check. A request with a bad client or redirect URI is never redirected; what
/// is wrong after that goes back to the client.
/// </summary>
public sealed class AuthorizationRequestReader(ClientRegistry clients, ScopeRegistry scopes, AccessPolicy access, JwtVerifier verifier)
{
    public async Task<AuthorizationRequest> ReadAsync(Parameters parameters, CancellationToken cancellation)
    {
        var client = await ReadClientAsync(parameters, cancellation);
        var target = ReadTarget(client, parameters);
        try
        {
            parameters.WithoutRepeated();
            RefuseUnsupported(parameters);
            ReadResponseType(client, parameters);
            var catalog = await scopes.LoadAsync(cancellation);
            var (granted, resources) = access.ForAuthorization(client, catalog, parameters[Parameter.Scope], parameters.All(Parameter.Resource));
            var prompts = ReadPrompts(parameters);
            return new AuthorizationRequest
            {
                Target = target,
                RedirectUri = parameters[Parameter.RedirectUri],
                Scopes = granted,
                Resources = resources,
                CodeChallenge = ReadCodeChallenge(client, parameters),
                Nonce = parameters[Parameter.Nonce],
                Prompts = prompts,
                MaxAge = ReadMaxAge(client, parameters),
                LoginHint = parameters[Parameter.LoginHint],
                ExpectedSubject = await ReadIdTokenHintAsync(parameters, prompts, cancellation),
                Encoded = parameters.Encoded,
            };
        }
        catch (OAuthException e)
        {
            throw e.To(target);
        }
    }

    private async ValueTask<Client> ReadClientAsync(Parameters parameters, CancellationToken cancellation)
    {
        var clientId = parameters[Parameter.ClientId] ?? throw OAuthError.InvalidRequest("One client_id is required");
        return await clients.FindAsync(clientId, cancellation) ?? throw OAuthError.InvalidRequest("The client_id is unknown");
    }

    /// <summary>RFC 9700 §2.1: the redirect URI is one of the registered ones, by exact text.</summary>
    private static AuthorizationTarget ReadTarget(Client client, Parameters parameters)
    {
        var presented = parameters.All(Parameter.RedirectUri);
        var redirectUri = presented.Count switch
        {
            1 => client.RedirectUris.Any(registered => RedirectUri.Matches(registered, presented[0])) ? presented[0] : null,
            // RFC 6749 §3.1.2.3: it may be left out by a client that has only one; OpenID Connect Core §3.1.2.1: not with openid.
            0 when client.RedirectUris.Count == 1 && !HasOpenId(parameters) => client.RedirectUris[0],
            _ => null,
        };
        if (redirectUri is null)
        {
            var reason = presented.Count == 0 ? "One redirect_uri is required" : "The redirect_uri is not registered for this client";
            throw new OAuthException("invalid_request", reason) { Client = client };
        }
        // An unknown response mode is an error, and that goes back in the default one.
        var mode = parameters[Parameter.ResponseMode] is { } requested && ResponseModes.All.Contains(requested) ? requested : ResponseModes.Query;
        return new AuthorizationTarget(client, redirectUri, mode, parameters[Parameter.State]);
    }

    private static bool HasOpenId(Parameters parameters) => parameters[Parameter.Scope]?.Split(' ').Contains(StandardScopes.OpenId) == true;

    /// <summary>OpenID Connect Core §3.1.2.6 and §7.2.1.</summary>
    private static void RefuseUnsupported(Parameters parameters)
    {
        foreach (var parameter in (string[])[Parameter.Request, Parameter.RequestUri, Parameter.Registration])
        {
            if (parameters[parameter] is not null)
                throw OAuthError.NotSupported(parameter);
        }
        if (parameters[Parameter.ResponseMode] is { } mode && !ResponseModes.All.Contains(mode))
            throw OAuthError.InvalidRequest($"The response_mode must be one of {string.Join(", ", ResponseModes.All)}");
    }

    private static void ReadResponseType(Client client, Parameters parameters)
    {
        if (parameters[Parameter.ResponseType] is not { } type)
            throw OAuthError.InvalidRequest("The response_type is required");
        if (type != Parameter.Code)
            throw OAuthError.UnsupportedResponseType("The response_type must be code");
        if (!client.MayUse(GrantTypes.AuthorizationCode))
            throw OAuthError.UnauthorizedClient("The client is not registered for the authorization_code grant");
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
        return Pkce.IsChallenge(challenge) ? challenge : throw OAuthError.InvalidRequest("The code_challenge must be a base64url SHA-256: 43 characters");
    }

    private static IReadOnlyList<string> ReadPrompts(Parameters parameters)
    {
        IReadOnlyList<string> prompts = parameters[Parameter.Prompt]?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (!prompts.All(Prompts.All.Contains))
            throw OAuthError.InvalidRequest($"The prompt may have {string.Join(", ", Prompts.All)}");
        return prompts.Contains(Prompts.None) && prompts.Count > 1
            ? throw OAuthError.InvalidRequest("The prompt none stands alone")
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
    /// OpenID Connect Core §3.1.2.1: it may have expired, and so may the key that signed it. Then nobody knows whom it names:
    /// a silent request can't be answered, and any other one asks the person anyway.
    /// </summary>
    private async Task<string?> ReadIdTokenHintAsync(Parameters parameters, IReadOnlyList<string> prompts, CancellationToken cancellation)
    {
        if (parameters[Parameter.IdTokenHint] is not { } hint)
            return null;
        var token = await verifier.VerifyAsync(hint, JwtTypes.IdToken, allowExpired: true, cancellation);
        return token is null && prompts.Contains(Prompts.None)
            ? throw OAuthError.LoginRequired("The id_token_hint can not be verified, or not any more")
            : token?.Subject;
    }
}
