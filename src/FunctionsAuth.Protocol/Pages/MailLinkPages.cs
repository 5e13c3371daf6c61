namespace FunctionsAuth.Protocol.Pages;

/// <summary>Posts to <c>forgot_password</c>: <c>request</c>, <c>form_token</c>, <c>username</c>.</summary>
public sealed record ForgotPasswordPage(string FormToken) : PageModel
{
    /// <summary>The authorization request to which the user returns afterwards; null without one.</summary>
    public string? RequestId { get; init; }

    /// <summary>The user has sent the form. The page must not reveal whether the name is known.</summary>
    public bool IsSent { get; init; }
}

/// <summary>The fields of a new account in addition to the password: <c>username</c>, <c>name</c> and <c>terms</c> (<c>true</c>).</summary>
/// <param name="Username">The username that the user typed before.</param>
/// <param name="Name">The name that the user typed before.</param>
/// <param name="Terms">The terms of service that the user must accept; null if there are none.</param>
public sealed record NewAccountFields(string? Username, string? Name, Uri? Terms);

/// <summary>
/// The page that a link in a mail opens. Posts to its own address: <c>form_token</c>, <c>ticket</c>, and the fields that it asks for. Its script takes the
/// ticket from the fragment of the address. Without script, the user pastes the link. All addresses on it are relative to <c>link/</c>.
/// </summary>
/// <param name="Route">The last part of its address, such as <c>reset</c>.</param>
public sealed record MailLinkPage(string Route, string FormToken) : PageModel
{
    public required Phrase Heading { get; init; }

    public required Phrase Lead { get; init; }

    /// <summary>The label of the button.</summary>
    public required Phrase Button { get; init; }

    /// <summary>The ticket that the form sent before; null if the page must first read the link or let the user paste it.</summary>
    public string? Ticket { get; init; }

    /// <summary>The minimum length of the new password, which the user types twice; null if the page asks for no password.</summary>
    public int? MinLength { get; init; }

    /// <summary>The fields of a new account; null if the page makes no account.</summary>
    public NewAccountFields? Account { get; init; }

    /// <summary>The problem that the user must correct; null if there is none. With a problem, the status is 422.</summary>
    public Phrase? Problem { get; init; }

    /// <summary>A message about the completed action; null without one. With it, the page has no form.</summary>
    public Phrase? Done { get; init; }

    /// <summary>The address to which the user continues afterwards; null for none.</summary>
    public string? ContinueTo { get; init; }

    public Phrase? ContinueText { get; init; }

    /// <summary>The address at which the user can ask for a new link; null if no page offers that.</summary>
    public string? NewLinkAddress { get; init; }
}
