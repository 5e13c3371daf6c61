namespace FunctionsAuth.Protocol.Mail;

/// <summary>Sends a message. Only <see cref="MailDeliverer"/> calls it. Requests write into the outbox with <see cref="Mails"/>.</summary>
public interface IMailer
{
    /// <param name="id">The id of the message, which is the same when the message is sent again: letters, digits, hyphens and underscores.</param>
    /// <exception cref="MailException">It was not taken.</exception>
    Task SendAsync(MailMessage message, string id, CancellationToken cancellation);
}

/// <summary>A message was not accepted.</summary>
/// <param name="reason">The reason for the operator, in English. It contains no address of a person and no content.</param>
/// <param name="mayPass">Whether another attempt can succeed.</param>
public sealed class MailException(string reason, bool mayPass, Exception? inner = null) : Exception(reason, inner)
{
    public bool MayPass => mayPass;
}
