using System.Text.RegularExpressions;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Dpop;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace FunctionsAuth.Protocol.Http;

/// <summary>
/// CORS by registered origins. A preflight does not name its client, so it is answered for any origin. This reveals nothing, because the real answer
/// is readable only for an origin that the client has registered. Cookies are never allowed.
/// </summary>
internal static partial class Cors
{
    private const string UsualHeaders = "Authorization, Content-Type";
    private const int MostHeaders = 20;
    private const int MostCharacters = 1_024;

    private static readonly object ClientKey = new();

    /// <summary>Sets the client of the request, as soon as it is known.</summary>
    public static void Concerns(HttpContext http, Client client) => http.Items[ClientKey] = client;

    public static IResult Preflight(HttpContext http, EndpointRules rules)
    {
        var headers = http.Response.Headers;
        headers.AccessControlAllowOrigin = rules.Cors == CorsPolicy.Anyone ? "*" : http.Request.Headers.Origin;
        headers.AccessControlAllowMethods = string.Join(", ", rules.Methods);
        headers.AccessControlAllowHeaders = AllowedHeaders(http.Request.Headers.AccessControlRequestHeaders);
        headers.AccessControlMaxAge = "7200";
        headers.Append(HeaderNames.Vary, $"{HeaderNames.Origin}, {HeaderNames.AccessControlRequestHeaders}");
        return Results.NoContent();
    }

    /// <summary>
    /// Browser clients send additional headers, such as MCP-Protocol-Version, traceparent and DPoP. They do no harm here, and cookies are never sent,
    /// so all requested headers are allowed. A list that is too long or malformed is not repeated.
    /// </summary>
    private static string AllowedHeaders(StringValues requested)
    {
        string[] names = requested.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return names.Length is 0 or > MostHeaders || names.Sum(name => name.Length) > MostCharacters || !names.All(name => HeaderName().IsMatch(name))
            ? UsualHeaders
            : string.Join(", ", names);
    }

    /// <summary>RFC 9110 §5.6.2, token.</summary>
    [GeneratedRegex(@"^[!#$%&'*+.^_`|~0-9A-Za-z-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex HeaderName();

    public static void Write(HttpContext http, CorsPolicy policy)
    {
        var headers = http.Response.Headers;
        if (policy == CorsPolicy.Anyone)
            headers.AccessControlAllowOrigin = "*";
        if (policy != CorsPolicy.RegisteredOrigins)
            return;
        headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        var origin = http.Request.Headers.Origin.ToString();
        // Until the client is known, the only answer is an error, which tells the developer the reason.
        if (origin.Length == 0 || (http.Items[ClientKey] is Client client && !client.AllowsOrigin(origin)))
            return;
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlExposeHeaders = $"WWW-Authenticate, Retry-After, ETag, Location, {DpopProofs.NonceHeader}";
    }
}
