using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Pages;

/// <summary>
/// The pages that users see. The protocol decides the content of a page, and the Pages project decides its look. Every page is plain HTML that works without
/// script. The caller writes the headers; a page sets only status and body.
/// </summary>
public interface IPages
{
    /// <summary>Returns the page for the model.</summary>
    IResult Show(PageModel model);

    /// <summary>A file that pages refer to as <c>assets/{name}</c>; null if there is no such file.</summary>
    PageAsset? Asset(string name);
}

/// <summary>The content of a page.</summary>
public abstract record PageModel
{
    /// <summary>The HTTP status of the page.</summary>
    public virtual int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>The name of the service: the name that the operator chose, or the host of the issuer. <see cref="IPages"/> fills it in.</summary>
    public string Operator { get; init; } = "";
}

/// <summary>The client as a user sees it. Every URI is https and comes from the client's registration.</summary>
public sealed record PageClient(string Name)
{
    /// <summary>The name in other languages, by language tag; null if it has only one.</summary>
    public IReadOnlyDictionary<string, string>? LocalNames { get; init; }

    public Uri? Uri { get; init; }
    public Uri? LogoUri { get; init; }
    public Uri? PolicyUri { get; init; }
    public Uri? TosUri { get; init; }

    /// <summary>The colour that the operator gave the client; null for none.</summary>
    public Configuration.Colour? Accent { get; init; }

    /// <summary>
    /// The host of the client's id, if the id is a URL there; null for other clients. The page must show it, because anybody can choose the name of such a
    /// client.
    /// </summary>
    public string? Host { get; init; }
}

/// <summary>
/// Posts to <c>consent</c>: <c>request</c>, <c>form_token</c>, <c>action</c> (<c>allow</c> or <c>deny</c>), and <c>true</c> in the field of each checkbox
/// that is checked.
/// </summary>
public sealed record ConsentPage(string RequestId, string FormToken, PageClient Client) : PageModel
{
    /// <summary>The name of the signed-in user.</summary>
    public required string Username { get; init; }

    /// <summary>The address, relative to this page, where another user can sign in for this request; null if the client asks for this account.</summary>
    public string? SwitchAddress { get; init; }

    /// <summary>The requested scopes, without <c>openid</c> and <c>offline_access</c>.</summary>
    public required IReadOnlyList<ConsentScope> Scopes { get; init; }

    /// <summary>The authorization details of the request (RFC 9396). The page must show all of them.</summary>
    public IReadOnlyList<ConsentDetail> Details { get; init; } = [];

    /// <summary>The APIs that the access token will be for (RFC 8707), by display name.</summary>
    public required IReadOnlyList<Phrase> Resources { get; init; }

    /// <summary>The client will keep access while the user is away. The page must point this out.</summary>
    public required bool OfflineAccess { get; init; }

    /// <summary>The field of the checkbox for offline access; null if the user cannot leave it out.</summary>
    public string? OfflineAccessField { get; init; }

    /// <summary>The destination of the browser after the answer: the host of the redirect URI, or the scheme of a private-use redirect URI.</summary>
    public required string ReturnsTo { get; init; }
}

/// <param name="Title">The kind of the detail.</param>
public sealed record ConsentDetail(Phrase Title, IReadOnlyList<ConsentLine> Lines);

/// <param name="Text">The text of the operator, with members of the request in braces, such as <c>Up to {amount}</c>.</param>
/// <param name="Values">The values of the members. They come from the request, so they are shown only as text and must be marked off from the text around
/// them.</param>
public sealed record ConsentLine(Phrase Text, IReadOnlyDictionary<string, IReadOnlyList<string>> Values);

/// <param name="Name">The name in the <c>scope</c> parameter.</param>
/// <param name="DisplayName">The access that the scope gives, in a few words.</param>
/// <param name="Description">An additional sentence, if the operator wrote one.</param>
/// <param name="Granted">The user allowed this scope before. The page shows new scopes apart from these.</param>
/// <param name="Field">The field of its checkbox, which is checked at first; null if the user cannot leave it out.</param>
public sealed record ConsentScope(string Name, Phrase DisplayName, Phrase? Description, bool Granted, string? Field);

/// <summary>
/// Asks whether to sign out, if the request does not prove that the user wants to. Posts to <c>logout</c>: <c>form_token</c>, <c>action</c> (<c>logout</c> or
/// <c>stay</c>) and the fields of <see cref="Fields"/>.
/// </summary>
public sealed record LogoutPage(string FormToken, IReadOnlyList<KeyValuePair<string, string>> Fields) : PageModel
{
    public string? Username { get; init; }
    public PageClient? Client { get; init; }
}

/// <param name="SignedOut">False if the user chose to stay signed in.</param>
/// <param name="Client">The client that sent the user here, if known.</param>
public sealed record LoggedOutPage(bool SignedOut, PageClient? Client) : PageModel
{
    /// <summary>
    /// Logout pages of clients, loaded in hidden frames: OpenID Connect Front-Channel Logout §2. The page is sent with a content security policy that allows
    /// these frames and its one script.
    /// </summary>
    public IReadOnlyList<Uri> Frames { get; init; } = [];

    /// <summary>
    /// The destination of the browser once all frames have loaded, or after 5 seconds. The one script sends the browser there; without script, the user
    /// follows a link. Null if the browser stays on the page.
    /// </summary>
    public string? ContinueTo { get; init; }

    /// <summary>
    /// The client is not known to the operator, and the user has pressed no button yet. The browser continues only if the user follows the link.
    /// </summary>
    public bool AsksFirst { get; init; }
}

/// <summary>
/// Sends a form to the server itself, by the one script that the content security policy allows, or by its button. A browser may leave out cookies from a
/// form that another site sends. It sends them with this form.
/// </summary>
/// <param name="Action">An address of this server.</param>
public sealed record PostAgainPage(string Action, IReadOnlyList<KeyValuePair<string, string>> Fields) : PageModel;

/// <summary>OpenID Connect Session Management §3.2: a page without text, in a frame of a client. The client's script sends messages to it.</summary>
/// <param name="Cookie">The name of the cookie that holds the state of the browser.</param>
public sealed record CheckSessionPage(string Cookie) : PageModel;

/// <summary>
/// A request that cannot be answered with a redirect. The page tells the user what to do, and tells the developer of the client what is wrong. No text on it
/// comes from the request.
/// </summary>
/// <param name="Status">The HTTP status, 4xx or 5xx.</param>
/// <param name="Error">The error code, such as <c>invalid_request</c>.</param>
/// <param name="Description">The problem, for the developer.</param>
public sealed record ErrorPage(int Status, string Error, string Description) : PageModel
{
    public override int Status { get; init; } = Status;

    /// <summary>One sentence for the user, such as "This sign-in has expired. Go back to the app and try again."</summary>
    public required Phrase ForPerson { get; init; }

    /// <summary>The id by which an operator finds the event in the log. Set for unexpected errors.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>The client, if the request named a known one.</summary>
    public PageClient? Client { get; init; }

    /// <summary>
    /// The address for the error response, if the operator does not know the client. The browser goes there only if the user presses a button.
    /// </summary>
    public ReturnAddress? ReturnTo { get; init; }
}

/// <summary>
/// The user is signed in, but is in no group that may use the client. The page names people to ask, and has a button that returns to the client.
/// </summary>
/// <param name="ReturnTo">The address at the client, with the error.</param>
public sealed record NoAccessPage(PageClient Client, ReturnAddress ReturnTo) : PageModel
{
    public override int Status { get; init; } = StatusCodes.Status403Forbidden;

    /// <summary>The name of the signed-in user.</summary>
    public required string Username { get; init; }

    /// <summary>Email addresses of the people who are responsible for the client; empty if the operator named none.</summary>
    public required IReadOnlyList<string> Contacts { get; init; }
}

/// <param name="Uri">An address at the client.</param>
/// <param name="Fields">The fields that are posted there; empty if the address contains all parameters.</param>
public sealed record ReturnAddress(string Uri, IReadOnlyList<KeyValuePair<string, string>> Fields);

/// <summary>
/// OAuth 2.0 Form Post Response Mode §2: a form that the browser posts to the client. The one script that the content security policy allows sends it, or the
/// user presses its button if there is no script.
/// </summary>
/// <param name="Action">The client's redirect URI.</param>
/// <param name="Fields">The response parameters.</param>
public sealed record FormPostPage(Uri Action, IReadOnlyList<KeyValuePair<string, string>> Fields) : PageModel;

/// <param name="ContentType">Its media type, such as <c>text/css; charset=utf-8</c>.</param>
/// <param name="Content">UTF-8 or binary content.</param>
/// <param name="ETag">A strong entity tag with its quotes.</param>
public sealed record PageAsset(string ContentType, ReadOnlyMemory<byte> Content, string ETag);
