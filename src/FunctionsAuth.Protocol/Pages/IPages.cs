using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Pages;

/// <summary>
/// The pages that a person sees. The protocol says what stands on a page; how it looks is the Pages project's.
/// Every page is plain HTML that works without script. The caller writes headers; a page sets only status and body.
/// </summary>
public interface IPages
{
    /// <summary>The page that shows what the model says.</summary>
    IResult Show(PageModel model);

    /// <summary>A file that pages refer to as <c>assets/{name}</c>, or null when there is none of that name.</summary>
    PageAsset? Asset(string name);
}

/// <summary>What stands on a page.</summary>
public abstract record PageModel
{
    /// <summary>The HTTP status that the page is sent with.</summary>
    public virtual int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>Whose server it is: the name that the operator chose, or the host of the issuer. <see cref="IPages"/> fills it in.</summary>
    public string Operator { get; init; } = "";
}

/// <summary>The client as a person sees it. Every URI is https and comes from the client's registration.</summary>
public sealed record PageClient(string Name)
{
    /// <summary>The name in other languages, by language tag; null where it has one.</summary>
    public IReadOnlyDictionary<string, string>? LocalNames { get; init; }

    public Uri? Uri { get; init; }
    public Uri? LogoUri { get; init; }
    public Uri? PolicyUri { get; init; }
    public Uri? TosUri { get; init; }

    /// <summary>The colour that the operator gave the client; null for none.</summary>
    public Configuration.Colour? Accent { get; init; }

    /// <summary>
    /// The host that vouches for the client, when its id is an address there; null for others. The page must show it: the name
    /// is only what the client calls itself.
    /// </summary>
    public string? Host { get; init; }
}

/// <summary>
/// Posts to <c>consent</c>: <c>request</c>, <c>form_token</c>, <c>action</c> (<c>allow</c> or <c>deny</c>), and <c>true</c> in the field of each
/// checkbox that is checked.
/// </summary>
public sealed record ConsentPage(string RequestId, string FormToken, PageClient Client) : PageModel
{
    /// <summary>The name of who is signed in.</summary>
    public required string Username { get; init; }

    /// <summary>Where somebody else can sign in for this request, relative to this page; null where the client asks for this account.</summary>
    public string? SwitchAddress { get; init; }

    /// <summary>What the client asks for, without <c>openid</c> and <c>offline_access</c>.</summary>
    public required IReadOnlyList<ConsentScope> Scopes { get; init; }

    /// <summary>What more the client asks for, in detail (RFC 9396): the page shows all of it.</summary>
    public IReadOnlyList<ConsentDetail> Details { get; init; } = [];

    /// <summary>The APIs that the access token will be for (RFC 8707), by display name.</summary>
    public required IReadOnlyList<Phrase> Resources { get; init; }

    /// <summary>The client will keep access while the person is away: the page must call it out.</summary>
    public required bool OfflineAccess { get; init; }

    /// <summary>The field of the checkbox for it; null when the person can't leave it out.</summary>
    public string? OfflineAccessField { get; init; }

    /// <summary>Where the browser goes after the answer: the host of the redirect URI, or its scheme for a private-use one.</summary>
    public required string ReturnsTo { get; init; }
}

/// <param name="Title">Of what kind it is.</param>
public sealed record ConsentDetail(Phrase Title, IReadOnlyList<ConsentLine> Lines);

/// <param name="Text">What the operator wrote, with the members of the request in braces, such as <c>Up to {amount}</c>.</param>
/// <param name="Values">The members, as text that came with the request: it is shown as text only, and apart from the text around it.</param>
public sealed record ConsentLine(Phrase Text, IReadOnlyDictionary<string, IReadOnlyList<string>> Values);

/// <param name="Name">As the <c>scope</c> parameter has it.</param>
/// <param name="DisplayName">What it lets the client do, in a few words.</param>
/// <param name="Description">A sentence more, if the operator wrote one.</param>
/// <param name="Granted">The person allowed this one before; the page tells the new ones from these.</param>
/// <param name="Field">The field of its checkbox, which is checked at first; null when the person can't leave it out.</param>
public sealed record ConsentScope(string Name, Phrase DisplayName, Phrase? Description, bool Granted, string? Field);

/// <summary>
/// Asks whether to sign out, where the request does not prove that the person wants to. Posts to <c>logout</c>:
/// <c>form_token</c>, <c>action</c> (<c>logout</c> or <c>stay</c>) and the fields of <see cref="Fields"/>.
/// </summary>
public sealed record LogoutPage(string FormToken, IReadOnlyList<KeyValuePair<string, string>> Fields) : PageModel
{
    public string? Username { get; init; }
    public PageClient? Client { get; init; }
}

/// <param name="SignedOut">False when the person chose to stay signed in.</param>
/// <param name="Client">Who sent the person here, if known.</param>
public sealed record LoggedOutPage(bool SignedOut, PageClient? Client) : PageModel
{
    /// <summary>
    /// Pages of clients, loaded in frames that nobody sees: OpenID Connect Front-Channel Logout §2. The page is sent with a
    /// content security policy that allows these and its one script.
    /// </summary>
    public IReadOnlyList<Uri> Frames { get; init; } = [];

    /// <summary>
    /// Where the browser goes once all frames have loaded, or after 5 seconds, by the one script, or by a link where there is
    /// no script. Null: it stays.
    /// </summary>
    public string? ContinueTo { get; init; }

    /// <summary>The client is a stranger's, and the person has pressed no button yet: the browser goes on only by the link.</summary>
    public bool AsksFirst { get; init; }
}

/// <summary>
/// Sends a form to the server itself, by the one script that the content security policy allows, or by its button: cookies that the browser
/// does not send with the form of another site come with this one.
/// </summary>
/// <param name="Action">An address of the server.</param>
public sealed record PostAgainPage(string Action, IReadOnlyList<KeyValuePair<string, string>> Fields) : PageModel;

/// <summary>
/// OpenID Connect Session Management §3.2: a page without text in a frame of a client, with which the client's script talks.
/// </summary>
/// <param name="Cookie">The name of the cookie that holds the state of the browser.</param>
public sealed record CheckSessionPage(string Cookie) : PageModel;

/// <summary>
/// A request that can't be answered by a redirect. It speaks twice: to the person, who needs to know what to do, and to
/// the developer of the client, who needs to know what is wrong. No text on it comes from the request.
/// </summary>
/// <param name="Status">The HTTP status, 4xx or 5xx.</param>
/// <param name="Error">The error code, such as <c>invalid_request</c>.</param>
/// <param name="Description">What is wrong, for the developer.</param>
public sealed record ErrorPage(int Status, string Error, string Description) : PageModel
{
    public override int Status { get; init; } = Status;

    /// <summary>One sentence for the person, such as "This sign-in has expired. Go back to the app and try again."</summary>
    public required Phrase ForPerson { get; init; }

    /// <summary>Finds the event in the log; set for unexpected errors.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>The client, when the request named a known one.</summary>
    public PageClient? Client { get; init; }

    /// <summary>
    /// Where the client wants to hear of the error, if it is a stranger's: the browser goes there only when the person presses a button.
    /// </summary>
    public ReturnAddress? ReturnTo { get; init; }
}

/// <summary>The person is signed in, but no group of theirs may use the client. It says whom to ask, and a button goes back to the client.</summary>
/// <param name="ReturnTo">Where the client hears of it, with the error.</param>
public sealed record NoAccessPage(PageClient Client, ReturnAddress ReturnTo) : PageModel
{
    public override int Status { get; init; } = StatusCodes.Status403Forbidden;

    /// <summary>The name of who is signed in.</summary>
    public required string Username { get; init; }

    /// <summary>Email addresses of who is responsible for the client; empty when the operator named none.</summary>
    public required IReadOnlyList<string> Contacts { get; init; }
}

/// <param name="Uri">An address at the client.</param>
/// <param name="Fields">What is posted there; empty where the address has all of it.</param>
public sealed record ReturnAddress(string Uri, IReadOnlyList<KeyValuePair<string, string>> Fields);

/// <summary>
/// OAuth 2.0 Form Post Response Mode §2: a form that the browser posts to the client by itself, by the one script that the content
/// security policy allows, or by its button where there is no script.
/// </summary>
/// <param name="Action">The client's redirect URI.</param>
/// <param name="Fields">The response parameters.</param>
public sealed record FormPostPage(Uri Action, IReadOnlyList<KeyValuePair<string, string>> Fields) : PageModel;

/// <param name="ContentType">Its media type, such as <c>text/css; charset=utf-8</c>.</param>
/// <param name="Content">UTF-8 or binary content.</param>
/// <param name="ETag">A strong entity tag with its quotes.</param>
public sealed record PageAsset(string ContentType, ReadOnlyMemory<byte> Content, string ETag);
