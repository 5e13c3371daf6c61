using FunctionsAuth.Protocol.Mail;
using MimeKit;
using MimeKit.Text;

namespace FunctionsAuth.Smtp;

/// <summary>Writes a message in the format of RFC 5322 and MIME.</summary>
internal static class MailWriter
{
    /// <param name="id">Is used as the Message-ID, so that a mailbox can recognize a duplicate.</param>
    public static MimeMessage Write(MailMessage message, string id, string from, string? fromName)
    {
        // The message comes from a row, which other software could have written.
        if (!MailMessage.IsAddress(message.To))
            throw new MailException("the recipient is not an address", mayPass: false);
        var sender = new MailboxAddress(fromName, from);
        var mime = new MimeMessage
        {
            Subject = OneLine(message.Subject),
            MessageId = $"{id}@{sender.Domain}",
            Body = new MultipartAlternative(new TextPart(TextFormat.Plain) { Text = message.Text }, new TextPart(TextFormat.Html) { Text = message.Html }),
        };
        mime.From.Add(sender);
        mime.To.Add(new MailboxAddress(null, message.To));
        // RFC 3834 §5: this header prevents automatic replies, such as out-of-office messages.
        mime.Headers.Add("Auto-Submitted", "auto-generated");
        return mime;
    }

    public static string LocalPart(this MailboxAddress address) => address.Address[..address.Address.LastIndexOf('@')];

    /// <summary>A header must be a single line.</summary>
    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c));
}
