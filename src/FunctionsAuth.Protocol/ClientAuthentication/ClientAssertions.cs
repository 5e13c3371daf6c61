using System.Buffers.Text;
using System.Text;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Fetch;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Json;
using FunctionsAuth.Protocol.Jwt;
using FunctionsAuth.Protocol.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FunctionsAuth.Protocol.ClientAuthentication;

/// <summary>Client authentication by a JWT that the client signed: RFC 7523 §2.2 and §3, OpenID Connect Core §9.</summary>
public sealed class ClientAssertions(ClientSignatures signatures, IReplayStore replays, ServerUrls urls, TimeProvider clock) : ClientAuthenticationMethod
{
    public const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// <summary>An assertion is for one request. This is its longest lifetime, and the time for which its jti is remembered.</summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(1);

    /// <summary>The tolerated difference between the clocks of client and server.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    public override bool IsUsedBy(HttpRequest request, Parameters form) => form[Parameter.ClientAssertion] is not null;

    /// <summary>The client that the assertion names. It is not verified yet, but decides which key must have signed the assertion.</summary>
    public override PresentedCredentials Read(HttpRequest request, Parameters form)
    {
        if (form[Parameter.ClientAssertionType] != Type)
            throw OAuthError.InvalidClient($"The client_assertion_type must be {Type}", false);
        var assertion = form[Parameter.ClientAssertion]!;
        if (ClientSignatures.TryRead(assertion) is not { } token)
            throw OAuthError.InvalidClient("The client_assertion is not a JWT", false);
        // RFC 8725 §3.11: a JWT of another type has another purpose.
        if (!JwtTypes.IsOrIsUntyped(token.Typ, JwtTypes.ClientAuthentication))
            throw OAuthError.InvalidClient($"The typ of the client_assertion must be {JwtTypes.ClientAuthentication} or JWT, or be left out", false);
        if (ForeignJwt.HasCriticalExtension(token))
            throw OAuthError.InvalidClient("The client_assertion has a crit header, which this server does not support", false);
        if (string.IsNullOrEmpty(token.Subject))
            throw OAuthError.InvalidClient("The client_assertion has no sub", false);
        // RFC 7521 §4.2: the client_id parameter is optional. If it is there, it must be the same.
        if (form[Parameter.ClientId] is { } named && named != token.Subject)
            throw OAuthError.InvalidRequest("The client_id is not the one in the client_assertion");
        return new PresentedCredentials(
            token.Alg == SigningAlgorithms.HS256 ? AuthMethods.ClientSecretJwt : AuthMethods.PrivateKeyJwt,
            token.Subject,
            (client, cancellation) => VerifyAsync(client, assertion, cancellation));
    }

    /// <summary>For each of the two methods with assertions.</summary>
    internal static void AddTo(IServiceCollection services) => services.TryAddEnumerable(ServiceDescriptor.Singleton<ClientAuthenticationMethod, ClientAssertions>());

    /// <summary>All other checks come before the jti is marked as used.</summary>
    /// <returns>False if the client did not sign it. Other problems are thrown.</returns>
    /// <exception cref="OAuthException"><c>invalid_client</c>, with the problem.</exception>
    private async ValueTask<bool> VerifyAsync(Client client, string assertion, CancellationToken cancellation)
    {
        if (await VerifySignatureAsync(client, assertion, cancellation) is not { } token)
            return false;
        var expires = Check(token, client);
        if (!await replays.TryUseAsync($"client_assertion {client.ClientId} {token.Id}", expires, cancellation))
            throw OAuthError.InvalidClient("The client_assertion was used before: create a new one with a new jti for each request", false);
        return true;
    }

    private async Task<JsonWebToken?> VerifySignatureAsync(Client client, string assertion, CancellationToken cancellation)
    {
        var token = ClientSignatures.TryRead(assertion)!;
        var isSecret = client.TokenEndpointAuthMethod == AuthMethods.ClientSecretJwt;
        IReadOnlyList<string> algorithms = client.TokenEndpointAuthSigningAlg is { } registered ? [registered] : isSecret ? [SigningAlgorithms.HS256] : client.AllowedSigningAlgs;
        try
        {
            return isSecret
                ? await ClientSignatures.VerifyAsync(token, Secrets(client), algorithms)
                : await signatures.VerifyAsync(client, token, algorithms, cancellation);
        }
        catch (FetchException e)
        {
            throw OAuthError.InvalidClient($"The keys at the jwks_uri of the client cannot be used. {e.Message}", false);
        }
    }

    private List<SecurityKey> Secrets(Client client)
    {
        var now = clock.GetUtcNow();
        return
        [
            .. from secret in client.ClientSecrets
               where secret.Text is not null && (secret.ExpiresAt is null || now < secret.ExpiresAt)
               select new SymmetricSecurityKey(Encoding.UTF8.GetBytes(secret.Text!)),
        ];
    }

    /// <summary>RFC 7523 §3: checks the issuer, the audience and the times.</summary>
    private DateTimeOffset Check(JsonWebToken token, Client client)
    {
        var now = clock.GetUtcNow();
        if (token.Issuer != client.ClientId || token.Subject != client.ClientId)
            throw OAuthError.InvalidClient("The iss and the sub of the client_assertion must be the client_id", false);
        CheckAudience(token, client);
        if (ForeignJwt.FirstDateThatIsNone(token) is { } name)
            throw OAuthError.InvalidClient($"The {name} of the client_assertion must be a number of seconds since 1970", false);
        if (ForeignJwt.SecondsOf(token, "exp") is not { } seconds || seconds > (now + LongestLife + ClockSkew).ToUnixTimeSeconds())
            throw OAuthError.InvalidClient("The client_assertion must have an exp that is at most one hour in the future", false);
        // Compared as numbers, because a date cannot represent all of them.
        if (seconds <= (now - ClockSkew).ToUnixTimeSeconds())
            throw OAuthError.InvalidClient("The client_assertion has expired", false);
        // FAPI 2.0 Security Profile 5.3.2.1-13: a minute ahead at most.
        if (ForeignJwt.SecondsOf(token, "nbf") > (now + ClockSkew).ToUnixTimeSeconds() || ForeignJwt.SecondsOf(token, "iat") > (now + ClockSkew).ToUnixTimeSeconds())
            throw OAuthError.InvalidClient("The client_assertion is not valid yet: its nbf or iat is more than one minute in the future", false);
        return string.IsNullOrEmpty(token.Id) ? throw OAuthError.InvalidClient("The client_assertion must have a jti", false) : DateTimeOffset.UnixEpoch.AddSeconds(seconds) + ClockSkew;
    }

    private void CheckAudience(JsonWebToken token, Client client)
    {
        // draft-ietf-oauth-rfc7523bis and FAPI 2.0 Security Profile 5.3.2.1-8: the audience must be one string and not an endpoint, because another
        // server could use our endpoint in its metadata.
        if (client.AssertionAudience is not null && StrictJson.Parse(Base64Url.DecodeFromChars(token.EncodedPayload)).TextOf("aud") != urls.Issuer)
            throw OAuthError.InvalidClient("The aud of the client_assertion must be one string that is exactly the issuer in the server metadata", false);
        // If another server were in the audience, that server could replay the assertion.
        if (!token.Audiences.Any() || !token.Audiences.All(IsThisServer))
            throw OAuthError.InvalidClient("The aud of the client_assertion must be the issuer of this server and nothing else", false);
    }

    /// <summary>The issuer, or an endpoint that can get such a request: libraries use the token endpoint, or the one of RFC 9126 §2.</summary>
    private bool IsThisServer(string audience) => audience.TrimEnd('/') == urls.Issuer.TrimEnd('/') || audience == urls.Of(Routes.Token) || audience == urls.Of(Routes.Par) || audience == urls.AliasOf(Routes.Token) || audience == urls.AliasOf(Routes.Par);
}
