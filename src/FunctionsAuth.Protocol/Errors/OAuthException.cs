using FunctionsAuth.Protocol.Pages;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Errors;

/// <summary>Ends a request with an OAuth error. It is caught in one place, and written there as JSON, as a redirect to the client or as a page.</summary>
/// <param name="error">A code from the OAuth registry, see <see cref="OAuthError"/>.</param>
/// <param name="description">The problem, for developers. It never quotes what the client sent, and has no quotes, backslashes or line ends (RFC 6749 §5.2).</param>
/// <param name="status">The HTTP status if the answer is not a redirect.</param>
public class OAuthException(string error, string description, int status = StatusCodes.Status400BadRequest)
    : Exception(description)
{
    public string Error => error;
    public string Description => Message;
    public int Status => status;

    /// <summary>The address for the error, once the redirect URI is known to belong to the client; null until then.</summary>
    public RedirectTarget? ReturnTo { get; init; }

    /// <summary>The complete address for the error, if it is already made; null: it is made when the error is written.</summary>
    public ReturnAddress? Address { get; init; }

    /// <summary>The value of <c>WWW-Authenticate</c>, if the status is 401 or 403.</summary>
    public string? Challenge { get; init; }

    /// <summary>How long the client should wait, if the status is 429 or 503. Seconds on the wire.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The nonce for the client's next proof (RFC 9449 §8); null for other errors.</summary>
    public string? DpopNonce { get; init; }

    /// <summary>The client, if the request named a known one: an error page shows the user which app it is.</summary>
    public PageClient? Client { get; init; }

    /// <summary>The text on the page for the user, if there is more to say than that the app sent a bad request.</summary>
    public Phrase? ForPerson { get; init; }

    /// <summary>The same error with one more parameter in its challenge.</summary>
    public OAuthException WithChallenge(string name, string value) => new(Error, Description, Status) { Challenge = $"{Challenge}, {name}=\"{value}\"", DpopNonce = DpopNonce };

    /// <summary>The same error, sent to the client's redirect URI.</summary>
    public OAuthException To(RedirectTarget target, ReturnAddress? address = null) => new(Error, Description, Status) { ReturnTo = target, Address = address };
}
