using FunctionsAuth.Protocol.Clients;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Http;

/// <summary>The headers of every answer. An endpoint that is public and cacheable replaces <c>Cache-Control</c>.</summary>
public static class SecurityHeaders
{
    // There is no form-action, because browsers also apply it to the redirects that follow a form, and redirects after a client's redirect URI are the
    // client's decision. All forms on the pages are written by the server.
    private const string PagePolicy = "default-src 'none'; style-src 'self'; img-src 'self' https:; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>For the page of the form_post response mode, which needs its one script file.</summary>
    private const string FormPostPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'";

    private const string ClientPolicy = "default-src 'none'; frame-ancestors 'none'";

    public static void Write(HttpResponse response, EndpointReader reader, bool isHttps)
    {
        var headers = response.Headers;
        headers.CacheControl = "no-store";
        headers.Pragma = "no-cache";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XFrameOptions = "DENY";
        headers.ContentSecurityPolicy = reader == EndpointReader.Person ? PagePolicy : ClientPolicy;
        if (isHttps)
            headers.StrictTransportSecurity = "max-age=31536000";
    }

    public static void AllowFormPostScript(HttpResponse response) => response.Headers.ContentSecurityPolicy = FormPostPolicy;

    /// <summary>For a page that also works without its script file.</summary>
    public static void AllowScript(HttpResponse response) => response.Headers.ContentSecurityPolicy = PagePolicy + "; script-src 'self'";

    /// <summary>For the page that ends a logout: it loads these addresses in frames, and has one script file.</summary>
    public static void AllowFrames(HttpResponse response, IEnumerable<Uri> frames)
    {
        var origins = string.Join(' ', frames.Select(WebOrigin.Of).Distinct());
        response.Headers.ContentSecurityPolicy = PagePolicy + $"; script-src 'self'; frame-src {origins}";
    }

    /// <summary>For the page of <c>check_session_iframe</c>, which clients load in their own frames.</summary>
    public static void AllowFraming(HttpResponse response)
    {
        response.Headers.Remove("X-Frame-Options");
        response.Headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; base-uri 'none'; frame-ancestors *";
    }

    /// <summary>For a file whose address changes with its content.</summary>
    public static void Immutable(HttpResponse response)
    {
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        response.Headers.Remove("Pragma");
    }

    /// <param name="maxAge">Seconds on the wire.</param>
    public static void Cacheable(HttpResponse response, TimeSpan maxAge)
    {
        response.Headers.CacheControl = string.Create(null, $"public, max-age={(long)maxAge.TotalSeconds}");
        response.Headers.Remove("Pragma");
    }
}
