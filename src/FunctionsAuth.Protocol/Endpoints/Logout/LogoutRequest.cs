using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Jwt;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Users;
using Microsoft.IdentityModel.JsonWebTokens;

namespace FunctionsAuth.Protocol.Endpoints.Logout;

/// <summary>A logout request that passed all checks that do not depend on a session.</summary>
/// <param name="Hint">The ID token of the client, which may have expired.</param>
/// <param name="LogoutHint">The user that the client means, by the subject, the session id or the username. It proves nothing.</param>
public sealed record LogoutRequest(Client? Client, JsonWebToken? Hint, string? LogoutHint, string? PostLogoutRedirectUri, string? State)
{
    /// <summary>Whether the request proves that the user wants to end this session, and contains nothing that contradicts it.</summary>
    /// <param name="session">The session of the browser.</param>
    /// <param name="subject">The subject of its user, as the client knows it.</param>
    public bool IsFor(Session session, string subject) =>
        Hint?.Subject == subject
        && Hint.TryGetPayloadValue<string>("sid", out var sid)
        && IsIdOf(session, sid)
        && (LogoutHint is null || LogoutHint == subject || IsIdOf(session, LogoutHint) || IsNameOf(session, LogoutHint));

    private static bool IsIdOf(Session session, string? sid) => session.Former.Prepend(session.Address).Any(address => address.ToString() == sid);

    private static bool IsNameOf(Session session, string name) => string.Equals(name, session.Username, StringComparison.OrdinalIgnoreCase);
}

/// <summary>
/// Reads the parameters of OpenID Connect RP-Initiated Logout §2.
/// </summary>
public sealed class LogoutRequestReader(ClientRegistry clients, JwtVerifier verifier, SubjectIdentifiers subjects, RequestLanguage language)
{
    public async Task<LogoutRequest> ReadAsync(Parameters parameters, CancellationToken cancellation)
    {
        language.AskedFor(parameters[Parameter.UiLocales]);
        parameters.RefuseRepeated();
        // The token may have expired, and its signing key may be gone. Without a valid token, the user is asked.
        var hint = await verifier.VerifyAsync(parameters[Parameter.IdTokenHint], JwtTypes.IdToken, allowExpired: true, cancellation);
        var client = await ReadClientAsync(parameters, hint, cancellation);
        var uri = parameters[Parameter.PostLogoutRedirectUri];
        // Without a known client, the user cannot return to an app, but can still sign out.
        if (client is null)
            uri = null;
        else if (uri is not null && !client.PostLogoutRedirectUris.Any(registered => RedirectUriRules.Matches(registered, uri)))
            throw new OAuthException("invalid_request", "The post_logout_redirect_uri is not registered for the client") { Client = client.ForPage() };
        return new LogoutRequest(client, hint, parameters[Parameter.LogoutHint], uri, parameters[Parameter.State]);
    }

    /// <summary>Whether the session can be ended without asking the user.</summary>
    public async ValueTask<bool> ProvesWishAsync(LogoutRequest request, Session session, CancellationToken cancellation)
    {
        var subject = request.Client is { } client ? await subjects.OfAsync(client, session.Subject, cancellation) : session.Subject;
        return request.IsFor(session, subject);
    }

    private async Task<Client?> ReadClientAsync(Parameters parameters, JsonWebToken? hint, CancellationToken cancellation)
    {
        var clientId = parameters[Parameter.ClientId];
        var audience = hint?.Audiences.FirstOrDefault();
        if (clientId is not null && audience is not null && clientId != audience)
            throw OAuthError.InvalidRequest("The id_token_hint was issued to another client than client_id");
        // If the client was deleted, the user must still be able to sign out.
        return (clientId ?? audience) is { } id ? await clients.FindAsync(id, cancellation) : null;
    }
}
