using FunctionsAuth.Protocol.Pages;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Errors;

/// <summary>
/// Ends a request with an OAuth error. It is caught once, at the edge, and written there as JSON, as a redirect to the
/// client or as a page.
/// </summary>
/// <param name="error">A code from the OAuth registry, see <see cref="OAuthError"/>.</param>
/// <param name="description">
/// What is wrong, for the developer who reads it. It never quotes what the client sent, and has no quotes, backslashes or
/// line ends (RFC 6749 §5.2).
/// </param>
/// <param name="status">The HTTP status where the answer is no redirect.</param>
public class OAuthException(string error, string description, int status = StatusCodes.Status400BadRequest)
    : Exception(description)
{
    public string Error => error;
    public string Description => Message;
    public int Status => status;

    /// <summary>Where the error goes, once the redirect URI is known to be the client's; null until then.</summary>
    public RedirectTarget? ReturnTo { get; init; }

    /// <summary>The address that takes the error there, where it is made already; null: it is made when the error is written.</summary>
    public ReturnAddress? Address { get; init; }

    /// <summary>The value of <c>WWW-Authenticate</c>, where the status is 401 or 403.</summary>
    public string? Challenge { get; init; }

    /// <summary>How long the client should wait, where the status is 429 or 503. Seconds on the wire.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What the client's next proof must have (RFC 9449 §8); null where it is not about that.</summary>
    public string? DpopNonce { get; init; }

    /// <summary>The client, when the request named a known one: an error page tells the person which app is meant.</summary>
    public PageClient? Client { get; init; }

    /// <summary>What a page says to the person, where that is more than that the app sent a bad request.</summary>
    public Phrase? ForPerson { get; init; }

    /// <summary>The same error with one more parameter in its challenge.</summary>
    public OAuthException WithChallenge(string name, string value) => new(Error, Description, Status) { Challenge = $"{Challenge}, {name}=\"{value}\"", DpopNonce = DpopNonce };

    /// <summary>The same error, sent to the client's redirect URI.</summary>
    public OAuthException To(RedirectTarget target, ReturnAddress? address = null) => new(Error, Description, Status) { ReturnTo = target, Address = address };
}
