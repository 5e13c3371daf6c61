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
    public IResult Error(HttpContext http, RedirectTarget target, OAuthException error) => Write(http, target, FieldsOf(error));

    /// <summary>Where an error goes when a person presses the button for it.</summary>
    public ReturnAddress AddressOf(RedirectTarget target, OAuthException error) => AddressOf(target, FieldsOf(error));

    /// <param name="parameters">The code, the tokens, or both; or the error.</param>
    public IResult Write(HttpContext http, RedirectTarget target, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var address = AddressOf(target, parameters);
        if (address.Fields.Count == 0)
            return Redirect.To(http, address.Uri);
        SecurityHeaders.AllowFormPostScript(http.Response);
        return pages.Show(new FormPostPage(new Uri(address.Uri), address.Fields));
    }

    private ReturnAddress AddressOf(RedirectTarget target, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        List<KeyValuePair<string, string>> fields = [.. parameters];
        if (target.State is not null)
            fields.Add(new(Parameter.State, target.State));
        fields.Add(new(Parameter.Iss, urls.Issuer));
        if (target.ResponseMode == ResponseModes.FormPost)
            return new ReturnAddress(target.RedirectUri, fields);
        var separator = target.ResponseMode == ResponseModes.Fragment ? '#' : '?';
        return new ReturnAddress(Redirect.Append(target.RedirectUri, separator, fields), []);
    }

    private static IReadOnlyList<KeyValuePair<string, string>> FieldsOf(OAuthException error) =>
        [new(Parameter.Error, error.Error), new(Parameter.ErrorDescription, error.Description)];
}
