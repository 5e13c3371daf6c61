using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Http;

public static class Redirect
{
    /// <summary>
    /// 303 See Other: the browser follows with GET and never posts a password on (RFC 9700 §4.12). The URI is written as it
    /// is: a redirect URI is compared by exact text, and so it is answered.
    /// </summary>
    public static IResult To(HttpContext http, string uri)
    {
        http.Response.Headers.Location = uri;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }
}
