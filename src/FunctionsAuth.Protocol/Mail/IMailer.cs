namespace FunctionsAuth.Protocol.Mail;

/// <summary>Hands a message to whoever carries it. Nobody calls it but <see cref="MailDeliverer"/>: a request writes into the outbox by <see cref="Mails"/>.</summary>
public interface IMailer
{
    /// <param name="id">The same when the message is sent again, and of no other message: letters, digits, hyphens and underscores.</param>
    /// <exception cref="MailException">It was not taken.</exception>
    Task SendAsync(MailMessage message, string id, CancellationToken cancellation);
}

/// <summary>A message was not taken.</summary>
/// <param name="reason">For the operator, in English. It has no address of a person and nothing of the content.</param>
/// <param name="mayPass">Whether it makes sense to try again.</param>
public sealed class MailException(string reason, bool mayPass, Exception? inner = null) : Exception(reason, inner)
{
    public bool MayPass => mayPass;
}
