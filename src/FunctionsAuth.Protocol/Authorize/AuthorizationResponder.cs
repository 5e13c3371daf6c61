using System.Text;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Sessions;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Authorize;

/// <summary>
/// The one place where authorization responses are written: RFC 6749 §4.1.2, with <c>iss</c> in every one, success or
/// error (RFC 9207).
/// </summary>
public sealed class AuthorizationResponder(IPages pages, SessionStates states, ServerUrls urls)
{
    /// <param name="fields">The code, the tokens, or both.</param>
    public IResult Success(HttpContext http, AuthorizationTarget target, Session session, IEnumerable<KeyValuePair<string, string>> fields)
    {
        List<KeyValuePair<string, string>> all = [.. fields];
        if (states.Of(http, target, session) is { } state)
            all.Add(new(Parameter.SessionState, state));
        return Write(http, target, all);
    }

    public IResult Error(HttpContext http, AuthorizationTarget target, OAuthException error) =>
        Write(http, target, [new(Parameter.Error, error.Error), new(Parameter.ErrorDescription, error.Description)]);

    private IResult Write(HttpContext http, AuthorizationTarget target, List<KeyValuePair<string, string>> fields)
    {
        if (target.State is not null)
            fields.Add(new(Parameter.State, target.State));
        fields.Add(new(Parameter.Iss, urls.Issuer));
        if (target.ResponseMode == ResponseModes.FormPost)
        {
            SecurityHeaders.AllowFormPostScript(http.Response);
            return pages.FormPost(new FormPostPage(new Uri(target.RedirectUri), fields));
        }
        var separator = target.ResponseMode == ResponseModes.Fragment ? '#' : '?';
        return Redirect.To(http, Append(target.RedirectUri, separator, fields));
    }

    /// <summary>RFC 6749 §3.1.2: a query that the redirect URI has already stays as it is.</summary>
    internal static string Append(string uri, char separator, IEnumerable<KeyValuePair<string, string>> fields)
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
