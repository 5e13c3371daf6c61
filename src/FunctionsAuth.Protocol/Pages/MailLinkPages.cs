namespace FunctionsAuth.Protocol.Pages;

/// <summary>Posts to <c>forgot_password</c>: <c>request</c>, <c>form_token</c>, <c>username</c>.</summary>
public sealed record ForgotPasswordPage(string FormToken) : PageModel
{
    /// <summary>The authorization request to which the person goes back afterwards; null without one.</summary>
    public string? RequestId { get; init; }

    /// <summary>The name was sent. The page must not say whether anybody has it.</summary>
    public bool IsSent { get; init; }
}

/// <summary>The fields of a new account beside the password: <c>username</c>, <c>name</c> and <c>terms</c> (<c>true</c>).</summary>
/// <param name="Username">What the person typed before.</param>
/// <param name="Name">The same.</param>
/// <param name="Terms">The terms of service that the person must accept; null where there are none.</param>
public sealed record NewAccountFields(string? Username, string? Name, Uri? Terms);

/// <summary>
/// What a link in a mail opens. Posts to its own address: <c>form_token</c>, <c>ticket</c>, and what it asks for. Its script takes the ticket from
/// behind the <c>#</c> of the address. Without script the person pastes the link. Every address on it is relative to <c>link/</c>.
/// </summary>
/// <param name="Route">The last part of its address, such as <c>reset</c>.</param>
public sealed record MailLinkPage(string Route, string FormToken) : PageModel
{
    public required Phrase Heading { get; init; }

    public required Phrase Lead { get; init; }

    /// <summary>What the button does.</summary>
    public required Phrase Button { get; init; }

    /// <summary>What the form brought before; null where the link is to be read, or pasted.</summary>
    public string? Ticket { get; init; }

    /// <summary>It asks for a new password, twice, of so many characters; null where it asks for none.</summary>
    public int? MinLength { get; init; }

    /// <summary>It makes an account and asks for its name, too; null where it does not.</summary>
    public NewAccountFields? Account { get; init; }

    /// <summary>What the person must change; null where nothing is wrong. With it the status is 422.</summary>
    public Phrase? Problem { get; init; }

    /// <summary>What was done; null where nothing was. The form is gone then.</summary>
    public Phrase? Done { get; init; }

    /// <summary>Where the person goes on afterwards; null for nowhere.</summary>
    public string? ContinueTo { get; init; }

    public Phrase? ContinueText { get; init; }

    /// <summary>Where the person asks for a new link; null where that is on no page.</summary>
    public string? NewLinkAddress { get; init; }
}
