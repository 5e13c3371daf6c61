using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Mail;

namespace FunctionsAuth.Protocol.Notices;

/// <summary>The mail with a code, for a user who has given the right password and needs a second factor.</summary>
public sealed class CodeMails(Mails mails, RequestLanguage language, RequestSource source, ServerOptions options)
{
    /// <param name="locale">The language that the user chose; null for none.</param>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    public Task SendAsync(string address, string code, string? locale, TimeSpan life, CancellationToken cancellation)
    {
        var (name, own) = (options.ShownOperator(), language.For(locale));
        var text = new MailText(
            Phrase.Of($"Your code for {name}"),
            source.Browser is { } browser
                ? Phrase.Of($"Your code for {name} is {code}. It is good for {life}, in the browser that asked for it: {own.Browser(browser)}.")
                : Phrase.Of($"Your code for {name} is {code}. It is good for {life}, in the browser that asked for it."),
            Phrase.Of($"Give it to nobody. If you did not ask for it, somebody else knows your password: choose another one now."));
        return mails.SendAsync(text.To(address, own, options, life), cancellation);
    }
}
