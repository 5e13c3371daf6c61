using System.Buffers.Text;
using System.Text.Json;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Fetch;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Json;
using FunctionsAuth.Protocol.Jwt;
using Microsoft.IdentityModel.JsonWebTokens;

namespace FunctionsAuth.Protocol.AuthorizationRequests;

/// <summary>
/// Authorization requests inside a JWT that the client signed: RFC 9101, OpenID Connect Core §6. Parameters outside the JWT are ignored (RFC 9101
/// §6.3), so nothing can be added to the signed request. Unsigned request objects are refused.
/// </summary>
public sealed class RequestObjects(ClientSignatures signatures, RequestObjectDocuments documents, ServerUrls urls, TimeProvider clock)
{
    /// <summary>The tolerated difference between the clocks of client and server.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    /// <summary>FAPI 2.0 Message Signing 5.3.1-3 and -4.</summary>
    private static readonly TimeSpan LongestMessageLife = TimeSpan.FromMinutes(60);

    /// <summary>Members of the JWT itself: RFC 7519 §4.1.</summary>
    private static readonly HashSet<string> JwtClaims = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

    /// <summary>Fetches the JWT from a URI that the client registered (OpenID Connect Core §6.2).</summary>
    /// <exception cref="OAuthException"><c>invalid_request_uri</c> or <c>invalid_request_object</c>.</exception>
    public async Task<Parameters> FetchAsync(Client client, string requestUri, CancellationToken cancellation)
    {
        // The fragment is chosen by the client: in §6.2 it is a hash of the content.
        if (!Uri.TryCreate(requestUri, UriKind.Absolute, out var url) || !client.RequestUris.Any(registered => WithoutFragment(registered) == WithoutFragment(url)))
            throw OAuthError.InvalidRequestUri("The request_uri is not registered for this client");
        try
        {
            return await ReadAsync(client, await documents.GetAsync(client, url, cancellation), cancellation);
        }
        catch (FetchException e)
        {
            throw OAuthError.InvalidRequestUri($"The document at the request_uri cannot be used. {e.Message}");
        }
    }

    /// <exception cref="OAuthException"><c>invalid_request_object</c>, with the problem.</exception>
    public async Task<Parameters> ReadAsync(Client client, string requestObject, CancellationToken cancellation)
    {
        if (ClientSignatures.TryRead(requestObject) is not { } unverified)
            throw OAuthError.InvalidRequestObject("The request object is not a signed JWT");
        // RFC 9101 §10.8: a type of its own; many clients send none.
        if (!JwtTypes.IsOrIsUntyped(unverified.Typ, JwtTypes.RequestObject))
            throw OAuthError.InvalidRequestObject($"The typ of the request object must be {JwtTypes.RequestObject}");
        if (ForeignJwt.HasCriticalExtension(unverified))
            throw OAuthError.InvalidRequestObject("The request object has a crit header, which this server does not support");
        Check(await VerifyAsync(client, unverified, cancellation), client);
        return ParametersOf(unverified, client);
    }

    private async Task<JsonWebToken> VerifyAsync(Client client, JsonWebToken token, CancellationToken cancellation)
    {
        IReadOnlyList<string> algorithms = client.RequestObjectSigningAlg is { } registered ? [registered] : client.AllowedSigningAlgs;
        if (!algorithms.Contains(token.Alg))
            throw OAuthError.InvalidRequestObject($"The alg of the request object must be one of {string.Join(", ", algorithms)}");
        try
        {
            return await signatures.VerifyAsync(client, token, algorithms, cancellation)
                ?? throw OAuthError.InvalidRequestObject("The signature of the request object is not valid for any key of the client");
        }
        catch (FetchException e)
        {
            throw OAuthError.InvalidRequestObject($"The keys at the jwks_uri of the client cannot be used. {e.Message}");
        }
    }

    /// <summary>RFC 9101 §4 and §10.8: the JWT must be from this client, for this server, and currently valid.</summary>
    private void Check(JsonWebToken token, Client client)
    {
        var now = clock.GetUtcNow();
        if (!string.IsNullOrEmpty(token.Issuer) && token.Issuer != client.ClientId)
            throw OAuthError.InvalidRequestObject("The iss of the request object must be the client_id");
        // A client assertion has the client as its subject. Such a JWT is for authentication and must not be used as a request.
        if (token.Subject == client.ClientId)
            throw OAuthError.InvalidRequestObject("The sub of the request object must not be the client_id");
        if (token.Audiences.Any() && !token.Audiences.Any(audience => audience.TrimEnd('/') == urls.Issuer.TrimEnd('/')))
            throw OAuthError.InvalidRequestObject("The aud of the request object must include the issuer of this server");
        if (ForeignJwt.FirstDateThatIsNone(token) is { } name)
            throw OAuthError.InvalidRequestObject($"The {name} of the request object must be a number of seconds since 1970");
        if (ForeignJwt.SecondsOf(token, "exp") <= (now - ClockSkew).ToUnixTimeSeconds())
            throw OAuthError.InvalidRequestObject("The request object has expired");
        if (ForeignJwt.SecondsOf(token, "nbf") > (now + ClockSkew).ToUnixTimeSeconds())
            throw OAuthError.InvalidRequestObject("The request object is not valid yet: its nbf is more than one minute in the future");
        if (ForeignJwt.SecondsOf(token, "iat") > (now + ClockSkew).ToUnixTimeSeconds())
            throw OAuthError.InvalidRequestObject("The iat of the request object is more than one minute in the future");
        if (client.SignsMessages)
            CheckAsMessage(token, now);
    }

    /// <summary>FAPI 2.0 Message Signing 5.3.1: the signed request names its audience and its validity period.</summary>
    private static void CheckAsMessage(JsonWebToken token, DateTimeOffset now)
    {
        if (!token.Audiences.Any())
            throw OAuthError.InvalidRequestObject("The request object must have the issuer as its aud (5.3.1-2)");
        if (ForeignJwt.SecondsOf(token, "nbf") is not { } begins || begins < (now - LongestMessageLife).ToUnixTimeSeconds())
            throw OAuthError.InvalidRequestObject("The request object must have an nbf that is at most 60 minutes old (5.3.1-3)");
        if (ForeignJwt.SecondsOf(token, "exp") is not { } ends || ends > begins + LongestMessageLife.TotalSeconds)
            throw OAuthError.InvalidRequestObject("The request object must have an exp, at most 60 minutes after its nbf (5.3.1-4)");
    }

    private static Parameters ParametersOf(JsonWebToken token, Client client)
    {
        List<KeyValuePair<string, string>> parameters = [];
        foreach (var member in Parse(token).EnumerateObject().Where(member => !JwtClaims.Contains(member.Name)))
        {
            if (member.Name is Parameter.Request or Parameter.RequestUri)
                throw OAuthError.InvalidRequestObject("The request object must not contain request or request_uri");
            parameters.AddRange(ValuesOf(member.Name, member.Value).Select(value => KeyValuePair.Create(member.Name, value)));
        }
        var clientId = parameters.FirstOrDefault(pair => pair.Key == Parameter.ClientId).Value;
        if (clientId is null)
            parameters.Add(new(Parameter.ClientId, client.ClientId));
        else if (clientId != client.ClientId)
            throw OAuthError.InvalidRequestObject("The client_id in the request object is not the client_id parameter");
        return Parameters.Of(parameters);
    }

    private static JsonElement Parse(JsonWebToken token)
    {
        try
        {
            return StrictJson.Parse(Base64Url.DecodeFromChars(token.EncodedPayload));
        }
        catch (JsonException)
        {
            throw OAuthError.InvalidRequestObject("The request object has the same member twice, is nested too deeply, or has text that is not valid Unicode");
        }
    }

    /// <summary>RFC 9101 §4: strings are used as they are, and all other values as their JSON. Only <c>resource</c> can have several values.</summary>
    private static IEnumerable<string> ValuesOf(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => [],
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array when name == Parameter.Resource => value.EnumerateArray().Select(item => item.ToString()),
        _ => [value.GetRawText()],
    };

    internal static string WithoutFragment(Uri url) => url.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped);
}
