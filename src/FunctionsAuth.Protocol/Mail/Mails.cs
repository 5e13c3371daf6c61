using System.Text;
using System.Text.Json;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Outbox;

namespace FunctionsAuth.Protocol.Mail;

/// <summary>What a request calls to send mail. It is delivered after the answer, by the outbox.</summary>
public sealed class Mails(OutboxWriter outbox, ServerOptions options)
{
    /// <summary>False where no settings say how: what needs mail is off then.</summary>
    public bool AreOn => options.Mail.IsConfigured;

    /// <summary>One row and one message in the queue.</summary>
    /// <exception cref="ArgumentException">The address is none, or the message is too long.</exception>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer. It may be delivered nevertheless.</exception>
    public Task SendAsync(MailMessage message, CancellationToken cancellation) => WriteAsync(MailDeliverer.Name, message, PayloadOf(message), cancellation);

    /// <summary>
    /// Costs what <see cref="SendAsync"/> would cost and sends nothing, for an address that the server does not know: neither the work nor its
    /// time tells which addresses there are.
    /// </summary>
    /// <param name="instead">What would have been sent. Nothing of it is written but its length.</param>
    /// <inheritdoc cref="SendAsync"/>
    public Task SendNothingAsync(MailMessage instead, CancellationToken cancellation)
    {
        var payload = PayloadOf(instead);
        Array.Fill(payload, (byte)' ');
        return WriteAsync(NothingDeliverer.Name, instead, payload, cancellation);
    }

    private Task WriteAsync(string kind, MailMessage message, byte[] payload, CancellationToken cancellation) =>
        outbox.WriteAsync(kind, payload, message.GoodFor, cancellation);

    private static byte[] PayloadOf(MailMessage message) => MailMessage.IsAddress(message.To)
        ? Encoding.UTF8.GetBytes(JsonSerializer.Serialize(message, MailJson.Default.MailMessage))
        : throw new ArgumentException("That is no address of one person.", nameof(message));
}

/// <summary>Delivers mail that stands in the outbox.</summary>
public sealed class MailDeliverer(IMailer mailer) : IOutboxDeliverer
{
    public const string Name = "mail";

    public string Kind => Name;

    public async Task<Delivery> DeliverAsync(OutboxItem item, CancellationToken cancellation)
    {
        try
        {
            await mailer.SendAsync(JsonSerializer.Deserialize(item.Payload, MailJson.Default.MailMessage)!, item.Address.ToString(), cancellation);
            return Delivery.Done;
        }
        catch (MailException e)
        {
            return e.MayPass ? Delivery.Failed(e.Message) : Delivery.Refused(e.Message);
        }
    }
}
