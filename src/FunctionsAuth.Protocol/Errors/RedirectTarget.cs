using FunctionsAuth.Protocol.Pages;

namespace FunctionsAuth.Protocol.Errors;

/// <summary>Where an authorization response goes, be it an error: a redirect URI that is known to be the client's.</summary>
/// <param name="RedirectUri">As the request had it, or the client's only one.</param>
/// <param name="ResponseMode">How the browser carries it: one of <see cref="ResponseModes.Plain"/>.</param>
/// <param name="State">Given back unchanged, and only if it was sent.</param>
public record RedirectTarget(string RedirectUri, string ResponseMode, string? State)
{
    /// <summary>How the response is signed (JARM §2); null: its parameters are sent unsigned.</summary>
    public ResponseSigning? Signing { get; init; }

    /// <summary>Somebody who is signed in is answered. Signatures of errors for everybody else are limited: anybody can cause them.</summary>
    public bool IsForSignedIn { get; init; }

    /// <summary>
    /// The client, if it is a stranger's and nobody has signed in or pressed a button yet: an error goes there only when the person presses one
    /// (RFC 9700 §4.11.2). Otherwise the server could be used to send people wherever somebody likes. Null: the error goes there at once.
    /// </summary>
    public PageClient? AskFor { get; init; }
}
