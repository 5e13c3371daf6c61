using FunctionsAuth.Protocol.Pages;

namespace FunctionsAuth.Protocol.Errors;

/// <summary>The address for an authorization response or an error: a redirect URI that is known to belong to the client.</summary>
/// <param name="RedirectUri">The redirect URI of the request, or the client's only one.</param>
/// <param name="ResponseMode">How the browser transports it: one of <see cref="ResponseModes.Plain"/>.</param>
/// <param name="State">Returned unchanged, and only if it was sent.</param>
public record RedirectTarget(string RedirectUri, string ResponseMode, string? State)
{
    /// <summary>How the response is signed (JARM §2); null: its parameters are sent unsigned.</summary>
    public ResponseSigning? Signing { get; init; }

    /// <summary>The response is for a signed-in user. Signatures of errors for others are limited, because anybody can cause them.</summary>
    public bool IsForSignedIn { get; init; }

    /// <summary>
    /// The client, if it registered itself and the user has not signed in or pressed a button yet. An error is then sent there only when the user
    /// presses a button (RFC 9700 §4.11.2). Otherwise the server would be an open redirector. Null: the error is sent at once.
    /// </summary>
    public PageClient? AskFor { get; init; }
}
