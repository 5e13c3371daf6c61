using System.Text;
using System.Text.Json;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Outbox;

namespace FunctionsAuth.Protocol.Mail;

/// <summary>Sends mail for a request. It is delivered after the response, by the outbox.</summary>
public sealed class Mails(OutboxWriter outbox, ServerOptions options)
{
    /// <summary>False if there are no mail settings. Features that need mail are then off.</summary>
    public bool AreOn => options.Mail.IsConfigured;

    /// <summary>One row and one message in the queue.</summary>
    /// <exception cref="ArgumentException">The address is not valid, or the message is too long.</exception>
    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer. The message may be delivered anyway.</exception>
    public Task SendAsync(MailMessage message, CancellationToken cancellation) => WriteAsync(MailDeliverer.Name, message, PayloadOf(message), cancellation);

    /// <summary>
    /// Takes the same time as <see cref="SendAsync"/> and sends nothing, for an unknown address. So the response does not show which addresses exist.
    /// </summary>
    /// <param name="instead">The message that would have been sent. Only its length is written.</param>
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

/// <summary>Delivers the mail in the outbox.</summary>
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
