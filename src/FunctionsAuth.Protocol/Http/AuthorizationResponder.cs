using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Pages;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Http;

/// <summary>Writes all authorization responses: RFC 6749 §4.1.2, with <c>iss</c> in every response, including errors (RFC 9207), or as one JWT (JARM).</summary>
public sealed class AuthorizationResponder(IPages pages, SignedResponses signed, ServerUrls urls)
{
    /// <summary>The address to which the browser takes a response.</summary>
    /// <param name="parameters">The code, the tokens, or both.</param>
    /// <exception cref="TemporarilyUnavailableException">The response must be signed, and no key store signed it.</exception>
    public async ValueTask<ReturnAddress> AddressOfAsync(RedirectTarget target, IEnumerable<KeyValuePair<string, string>> parameters, CancellationToken cancellation) => target.Signing is { } signing
        ? AddressOf(target, [new(Parameter.Response, await signed.SignAsync(signing, WithState(target, parameters), cancellation))])
        : AddressOf(target, [.. WithState(target, parameters), new(Parameter.Iss, urls.Issuer)]);

    /// <summary>The address to which the browser takes an error, at once or when the user presses the button for it.</summary>
    /// <inheritdoc cref="AddressOfAsync(RedirectTarget, IEnumerable{KeyValuePair{string, string}}, CancellationToken)"/>
    /// <exception cref="OAuthException">Status 429: strangers caused too many signed errors.</exception>
    public ValueTask<ReturnAddress> AddressOfAsync(RedirectTarget target, OAuthException error, CancellationToken cancellation)
    {
        if (target is { Signing: not null, IsForSignedIn: false })
            signed.TakeError();
        return AddressOfAsync(target, [new(Parameter.Error, error.Error), new(Parameter.ErrorDescription, error.Description)], cancellation);
    }

    public IResult Write(HttpContext http, ReturnAddress address)
    {
        if (address.Fields.Count == 0)
            return Redirect.To(http, address.Uri);
        SecurityHeaders.AllowFormPostScript(http.Response);
        return pages.Show(new FormPostPage(new Uri(address.Uri), address.Fields));
    }

    private static ReturnAddress AddressOf(RedirectTarget target, IReadOnlyList<KeyValuePair<string, string>> fields)
    {
        if (target.ResponseMode == ResponseModes.FormPost)
            return new ReturnAddress(target.RedirectUri, fields);
        var separator = target.ResponseMode == ResponseModes.Fragment ? '#' : '?';
        return new ReturnAddress(Redirect.Append(target.RedirectUri, separator, fields), []);
    }

    private static IEnumerable<KeyValuePair<string, string>> WithState(RedirectTarget target, IEnumerable<KeyValuePair<string, string>> parameters) =>
        target.State is { } state ? parameters.Append(new(Parameter.State, state)) : parameters;
}
