using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Pages;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Http;

/// <summary>
/// The one place where authorization responses are written: RFC 6749 §4.1.2, with <c>iss</c> in every one, success or
/// error (RFC 9207).
/// </summary>
public sealed class AuthorizationResponder(IPages pages, ServerUrls urls)
{
    public IResult Error(HttpContext http, RedirectTarget target, OAuthException error) =>
        Write(http, target, [new(Parameter.Error, error.Error), new(Parameter.ErrorDescription, error.Description)]);

    /// <param name="parameters">The code, the tokens, or both; or the error.</param>
    public IResult Write(HttpContext http, RedirectTarget target, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        List<KeyValuePair<string, string>> fields = [.. parameters];
        if (target.State is not null)
            fields.Add(new(Parameter.State, target.State));
        fields.Add(new(Parameter.Iss, urls.Issuer));
        if (target.ResponseMode == ResponseModes.FormPost)
        {
            SecurityHeaders.AllowFormPostScript(http.Response);
            return pages.Show(new FormPostPage(new Uri(target.RedirectUri), fields));
        }
        var separator = target.ResponseMode == ResponseModes.Fragment ? '#' : '?';
        return Redirect.To(http, Redirect.Append(target.RedirectUri, separator, fields));
    }
}
