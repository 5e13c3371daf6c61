using System.Buffers.Text;
using System.Net;
using System.Text;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Protocol.ClientAuthentication;

/// <summary>The client sends its secret in the Authorization header: RFC 6749 §2.3.1.</summary>
public sealed class ClientSecretBasic(SharedSecrets secrets) : ClientAuthenticationMethod
{
    private const string Scheme = "Basic ";

    public override bool IsUsedBy(HttpRequest request, Parameters form) => request.Headers.Authorization.Count > 0;

    public override PresentedCredentials Read(HttpRequest request, Parameters form)
    {
        var (clientId, secret, raw) = Parse(request.Headers.Authorization.ToString()) ?? throw OAuthError.InvalidClient("The Authorization header is not well-formed Basic authentication: see RFC 6749 section 2.3.1", true);
        return form[Parameter.ClientId] is { } named && named != clientId
            ? throw OAuthError.InvalidRequest("The client_id is not the one in the Authorization header")
            : new PresentedCredentials(AuthMethods.ClientSecretBasic, clientId, (client, _) => ValueTask.FromResult(secrets.IsOf(client, secret) || secrets.IsOf(client, raw))) { InHeader = true };
    }

    /// <summary>
    /// Id and secret are each form-encoded, then joined by a colon, then encoded in base64. Many clients leave out the first step, so a secret with a
    /// plus or a percent sign is also accepted without it.
    /// </summary>
    private static (string ClientId, string Secret, string RawSecret)? Parse(string header)
    {
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        var encoded = Encoding.ASCII.GetBytes(header[Scheme.Length..].Trim());
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(encoded.Length)];
        if (Base64.DecodeFromUtf8(encoded, bytes, out _, out var length) != System.Buffers.OperationStatus.Done)
            return null;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : (WebUtility.UrlDecode(text[..colon]), WebUtility.UrlDecode(text[(colon + 1)..]), text[(colon + 1)..]);
    }
}

/// <summary><see cref="ClientSecretBasic"/>, as the rest of the server knows it.</summary>
public sealed class ClientSecretBasicFeature : SentSecretFeature
{
    public override string Name => AuthMethods.ClientSecretBasic;

    public override void AddServices(IServiceCollection services) => services.AddSingleton<ClientAuthenticationMethod, ClientSecretBasic>();
}
