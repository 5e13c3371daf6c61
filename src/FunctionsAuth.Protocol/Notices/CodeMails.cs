using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Mail;

namespace FunctionsAuth.Protocol.Notices;

/// <summary>The mail with a code, for somebody who has proven the password and must prove more.</summary>
public sealed class CodeMails(Mails mails, RequestSource source, ServerOptions options)
{
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    public Task SendAsync(string address, string code, TimeSpan life, CancellationToken cancellation)
    {
        var name = options.ShownOperator();
        var text = new MailText(
            $"Your code for {name}",
            $"Your code for {name} is {code}. It is good for {(int)life.TotalMinutes} minutes, in the browser that asked for it{(source.Browser is { } browser ? $": {browser}" : "")}.",
            "Give it to nobody. If you did not ask for it, somebody else knows your password: choose another one now.");
        return mails.SendAsync(text.To(address, life), cancellation);
    }
}
