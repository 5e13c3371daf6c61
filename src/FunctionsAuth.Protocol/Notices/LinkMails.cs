using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Mail;
using FunctionsAuth.Protocol.Tickets;

namespace FunctionsAuth.Protocol.Notices;

/// <summary>
/// Mails with a link. They go to addresses that strangers typed, so they contain no text that a stranger could choose, and cannot be used for
/// advertisements.
/// </summary>
public sealed class LinkMails(Mails mails, RequestLanguage language, ServerUrls urls, ServerOptions options)
{
    private const string Nobody = "nobody@localhost.invalid";
    private static Phrase Ignore { get; } = Phrase.Of($"If you did not ask for this, ignore this mail: nothing has changed.");

    private string Operator => options.ShownOperator();

    /// <param name="ticket">The text of the ticket.</param>
    /// <param name="locale">The language of the recipient, if it can differ from that of the request; null if unknown.</param>
    /// <param name="sends">False does the same work and sends nothing.</param>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    public Task SendAsync(TicketPurpose purpose, string? address, string ticket, TimeSpan life, bool sends, CancellationToken cancellation, string? locale = null) =>
        WriteAsync(TextOf(purpose, life) with { Link = LinkOf(purpose, ticket) }, address, life, sends, locale, cancellation);

    /// <summary>For the owner of an address that somebody else wants to use.</summary>
    /// <inheritdoc cref="SendAsync"/>
    public Task SendIsTakenAsync(string address, TimeSpan life, bool sends, CancellationToken cancellation) => WriteAsync(
        new MailText(
            Phrase.Of($"Somebody wanted to use your address at {Operator}"),
            Phrase.Of($"Somebody with another account at {Operator} wanted to use this address for it. It is the address of your account, so nothing has changed."),
            Phrase.Of($"If that was you, sign in to the account that has this address, and change the address there first.")),
        address, life, sends, locale: null, cancellation);

    /// <summary>For the owner of an address with which somebody wants to make an account.</summary>
    /// <inheritdoc cref="SendAsync"/>
    public Task SendHasAccountAsync(string address, TimeSpan life, bool sends, CancellationToken cancellation) => WriteAsync(
        new MailText(
            Phrase.Of($"You have an account at {Operator}"),
            Phrase.Of($"Somebody, perhaps you, wanted to make an account at {Operator} with this address. It belongs to an account already, or did once, so there is no second one."),
            Phrase.Of($"Sign in with this address. If you do not know the password, choose another one:"))
        {
            Link = urls.Of(Routes.ForgotPassword),
            Below = [Ignore],
        },
        address, life, sends, locale: null, cancellation);

    /// <summary>The link, to give it to the user in another way.</summary>
    public string LinkOf(TicketPurpose purpose, string ticket) => $"{urls.Of(Routes.MailLinkOf(RouteOf(purpose)))}#{ticket}";

    /// <summary>The last part of the address of the page for tickets with this purpose.</summary>
    public static string RouteOf(TicketPurpose purpose) => purpose switch
    {
        TicketPurpose.PasswordReset => "reset",
        TicketPurpose.EmailChange => "email",
        TicketPurpose.SignUp => "signup",
        TicketPurpose.Invitation => "invitation",
        _ => "undo",
    };

    private MailText TextOf(TicketPurpose purpose, TimeSpan life) => purpose switch
    {
        TicketPurpose.PasswordReset => new(
            Phrase.Of($"Choose another password at {Operator}"), Phrase.Of($"Somebody, perhaps you, wants to choose another password for your account at {Operator}. The link works once, for {life}:"))
        { Below = [Ignore] },
        TicketPurpose.EmailChange => new(
            Phrase.Of($"Confirm your address at {Operator}"), Phrase.Of($"Confirm that this address belongs to your account at {Operator}. The link works once, for {life}, in a browser in which you are signed in:"))
        {
            Below = [Phrase.Of($"If you have no account there or did not ask for this, ignore this mail: nothing has changed.")],
        },
        TicketPurpose.SignUp => new(
            Phrase.Of($"Make your account at {Operator}"), Phrase.Of($"Somebody, perhaps you, wants to make an account at {Operator} with this address. The link leads to it, once, for {life}:"))
        { Below = [Phrase.Of($"If you did not ask for this, ignore this mail: there is no account.")] },
        TicketPurpose.Invitation => new(
            Phrase.Of($"You are invited to {Operator}"), Phrase.Of($"An administrator made an account for you at {Operator}. Choose a password for it. The link works once, for {life}:"))
        {
            Below = [Phrase.Of($"If you do not expect this, ignore this mail.")],
        },
        _ => new(
            Phrase.Of($"Your address at {Operator} was changed"),
            Phrase.Of($"Your account at {Operator} has another email address now, and you can't sign in with this one any more."),
            Phrase.Of($"If it was not you, undo the change. This restores this address, signs out all sessions, and makes the password invalid, so that you must choose another one. The link works once, for {life}:")),
    };

    private Task WriteAsync(MailText text, string? address, TimeSpan life, bool sends, string? locale, CancellationToken cancellation) => sends
        ? mails.SendAsync(text.To(address!, language.For(locale), options, life), cancellation)
        : mails.SendNothingAsync(text.To(MailMessage.IsAddress(address) ? address! : Nobody, language.For(locale), options, life), cancellation);
}
