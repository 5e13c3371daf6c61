using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Sessions;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Interaction;

/// <summary>
/// The <c>session_state</c> of authorization responses: OpenID Connect Session Management §2. The script of <c>check_session_iframe</c> computes the
/// same value from its cookie.
/// </summary>
public sealed class SessionStates(BrowserCookies cookies, ServerOptions options)
{
    private const int SaltLength = 16;

    /// <returns>Null when session management is off, and for a redirect URI without a web origin.</returns>
    public string? Of(HttpContext http, AuthorizationTarget target, Session session)
    {
        if (!options.SessionManagement || WebOrigin.Of(target.RedirectUri) is not { } origin)
            return null;
        cookies.EnsureBrowserState(http, session);
        var salt = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SaltLength));
        var text = $"{target.Client.ClientId} {origin} {session.BrowserState()} {salt}";
        return $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}.{salt}";
    }
}
