using System.Buffers.Text;
using System.Net;
using System.Text;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Storage;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.ClientAuthentication;

/// <summary>
/// Client authentication: RFC 6749 §2.3, by the one method that the client registered. A further method is a further
/// case of <see cref="ReadCredentials"/> and of <see cref="Proves"/>.
/// </summary>
public sealed class ClientAuthenticator(ClientRegistry clients, ClientAssertions assertions, TimeProvider clock)
{
    /// <param name="form">The body of the request.</param>
    /// <returns>The client; a public one has only named itself.</returns>
    public async ValueTask<Client> AuthenticateAsync(HttpContext http, Parameters form, CancellationToken cancellation)
    {
        var credentials = ReadCredentials(http.Request, form);
        var usedHeader = credentials.Method == AuthMethods.ClientSecretBasic;
        var client = await clients.FindAsync(credentials.ClientId, cancellation)
            ?? throw OAuthError.InvalidClient("The client is unknown or its secret is wrong", usedHeader);
        Cors.Concerns(http, client);
        if (client.TokenEndpointAuthMethod != credentials.Method)
            throw OAuthError.InvalidClient($"The client is registered for {client.TokenEndpointAuthMethod} and used {credentials.Method}", usedHeader);
        if (credentials.Assertion is { } assertion)
        {
            await assertions.VerifyAsync(client, assertion, cancellation);
            return client;
        }
        return Proves(credentials, client) ? client : throw OAuthError.InvalidClient("The client is unknown or its secret is wrong", usedHeader);
    }

    /// <summary>The same, for endpoints that no public client may use.</summary>
    public async ValueTask<Client> AuthenticateConfidentialAsync(HttpContext http, Parameters form, CancellationToken cancellation)
    {
        var client = await AuthenticateAsync(http, form, cancellation);
        return client.IsPublic ? throw OAuthError.InvalidClient("A client without a secret may not do this", false) : client;
    }

    /// <summary>RFC 6749 §2.3: a request uses at most one method.</summary>
    private static ClientCredentials ReadCredentials(HttpRequest request, Parameters form)
    {
        var secret = form[Parameter.ClientSecret];
        var authorization = request.Headers.Authorization;
        if (form[Parameter.ClientAssertion] is { } assertion)
            return secret is null && authorization.Count == 0 ? ReadAssertion(form, assertion) : throw TwoMethods();
        if (authorization.Count == 0)
        {
            var clientId = form[Parameter.ClientId] ?? throw OAuthError.InvalidClient("The client did not say who it is", false);
            return new ClientCredentials(secret is null ? AuthMethods.None : AuthMethods.ClientSecretPost, clientId, secret);
        }
        if (secret is not null)
            throw TwoMethods();
        var basic = ReadBasic(authorization.ToString()) ?? throw OAuthError.InvalidClient("The Authorization header is no well-formed Basic one", true);
        return form[Parameter.ClientId] is { } named && named != basic.ClientId
            ? throw OAuthError.InvalidRequest("The client_id is another one than the Authorization header names")
            : basic;
    }

    /// <summary>RFC 7521 §4.2: the client_id beside it is optional, and must be the same.</summary>
    private static ClientCredentials ReadAssertion(Parameters form, string assertion)
    {
        var (clientId, method) = ClientAssertions.Read(form);
        return form[Parameter.ClientId] is { } named && named != clientId
            ? throw OAuthError.InvalidRequest("The client_id is another one than the client_assertion names")
            : new ClientCredentials(method, clientId, null) { Assertion = assertion };
    }

    private static OAuthException TwoMethods() => OAuthError.InvalidRequest("The client used two authentication methods at once");

    /// <summary>
    /// RFC 6749 §2.3.1: id and secret are each form-encoded, then joined by a colon, then in base64. Many clients leave out the
    /// first step, so a secret with a plus or a percent sign is also taken as it stands.
    /// </summary>
    private static ClientCredentials? ReadBasic(string header)
    {
        const string scheme = "Basic ";
        if (!header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        var encoded = Encoding.ASCII.GetBytes(header[scheme.Length..].Trim());
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(encoded.Length)];
        if (Base64.DecodeFromUtf8(encoded, bytes, out _, out var length) != System.Buffers.OperationStatus.Done)
            return null;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0
            ? null
            : new ClientCredentials(AuthMethods.ClientSecretBasic, WebUtility.UrlDecode(text[..colon]), WebUtility.UrlDecode(text[(colon + 1)..]), text[(colon + 1)..]);
    }

    private bool Proves(ClientCredentials credentials, Client client) => credentials.Method switch
    {
        AuthMethods.None => true,
        AuthMethods.ClientSecretBasic or AuthMethods.ClientSecretPost =>
            HasSecret(client, credentials.Secret!) || (credentials.RawSecret is { } raw && HasSecret(client, raw)),
        _ => false,
    };

    private bool HasSecret(Client client, string secret)
    {
        var now = clock.GetUtcNow();
        var presented = Encoding.UTF8.GetBytes(secret);
        var matches = false;
        foreach (var known in client.ClientSecrets)
        {
            var hash = StrictBase64Url.TryDecode(known.Sha256, 32, out var bytes) ? bytes : null;
            matches |= SecretHash.Matches(presented, hash) && (known.ExpiresAt is null || now < known.ExpiresAt);
        }
        return matches;
    }

    private sealed record ClientCredentials(string Method, string ClientId, string? Secret, string? RawSecret = null)
    {
        public string? Assertion { get; init; }
    }
}
