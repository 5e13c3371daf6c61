using System.Text;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Http;

public static class Redirect
{
    /// <summary>
    /// 303 See Other: the browser follows with GET and never sends a password on (RFC 9700 §4.12). The URI is written unchanged, because redirect URIs are
    /// compared as exact text.
    /// </summary>
    public static IResult To(HttpContext http, string uri)
    {
        http.Response.Headers.Location = uri;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>A URI with additional parameters. RFC 6749 §3.1.2: an existing query is kept.</summary>
    /// <param name="separator"><c>?</c> or <c>#</c>.</param>
    public static string Append(string uri, char separator, IEnumerable<KeyValuePair<string, string>> fields)
    {
        var text = new StringBuilder(uri);
        foreach (var (name, value) in fields)
        {
            text.Append(separator == '?' && uri.Contains('?', StringComparison.Ordinal) ? '&' : separator);
            text.Append(name).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }
        return text.ToString();
    }
}
