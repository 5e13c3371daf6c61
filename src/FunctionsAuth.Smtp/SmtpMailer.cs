using System.Net.Sockets;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Mail;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace FunctionsAuth.Smtp;

/// <summary>
/// Submits mail to a mail server (RFC 6409), with one connection for each message, because messages are few. No member has a type of MailKit, so that the
/// assemblies of MailKit are loaded when the first mail is sent and not when the app starts.
/// </summary>
public sealed class SmtpMailer(ServerOptions options, TimeProvider clock) : IMailer
{
    // The limit for the whole connection. It is well below the lease of a delivery attempt.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly MailOptions settings = options.Mail;

    public Task SendAsync(MailMessage message, string id, CancellationToken cancellation)
    {
        if (IsUnresolved)
            throw new MailException("Mail:Password is a reference to Key Vault that the app could not read", mayPass: true);
        return TryAsync(stopping => SendAsync(MailWriter.Write(message, id, settings.From!, settings.FromName ?? options.OperatorName), stopping), cancellation);
    }

    /// <summary>
    /// Checks that the mail server accepts a connection with the configured encryption. If the setting contains the password itself and not a reference to
    /// it, the name and the password are checked, too. Nothing is sent.
    /// </summary>
    /// <exception cref="MailException">The check failed.</exception>
    public Task CheckAsync(CancellationToken cancellation) => TryAsync(CheckWithinAsync, cancellation);

    private bool IsUnresolved => settings.Password?.StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase) == true;

    private async Task TryAsync(Func<CancellationToken, Task> conversation, CancellationToken cancellation)
    {
        using var time = new CancellationTokenSource(Patience, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, time.Token);
        try
        {
            await conversation(limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new MailException("the mail server did not answer in time", mayPass: true, e);
        }
        catch (Exception e) when (ProblemOf(e) is { } problem)
        {
            throw problem;
        }
    }

    private async Task CheckWithinAsync(CancellationToken cancellation)
    {
        using var client = await ConnectAsync(new MailboxAddress(null, settings.From!).Domain, cancellation);
        await client.NoOpAsync(cancellation);
        await QuitAsync(client, cancellation);
    }

    private async Task SendAsync(MimeMessage message, CancellationToken cancellation)
    {
        using var client = await ConnectAsync(message.From.Mailboxes.Single().Domain, cancellation);
        var format = FormatOptions.Default.Clone();
        format.International = client.Capabilities.HasFlag(SmtpCapabilities.UTF8);
        if (!format.International && !message.To.Mailboxes.Single().LocalPart().All(char.IsAscii))
            throw new MailException("the mail server can't deliver to addresses with letters beyond ASCII (RFC 6531)", mayPass: false);
        await client.SendAsync(format, message, cancellation);
        await QuitAsync(client, cancellation);
    }

    private async Task<SmtpClient> ConnectAsync(string ownDomain, CancellationToken cancellation)
    {
        // Revocation lists are on hosts that an app in a private network cannot reach.
        var client = new SmtpClient { CheckCertificateRevocation = false, LocalDomain = ownDomain };
        try
        {
            await client.ConnectAsync(settings.Host!, settings.Port, SecurityOf(settings.EffectiveSecurity), cancellation);
            if (settings.Username is not null && !IsUnresolved)
                await client.AuthenticateAsync(settings.Username, settings.Password!, cancellation);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private static async Task QuitAsync(SmtpClient client, CancellationToken cancellation)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancellation);
        }
        catch (Exception e) when (e is IOException or SocketException or SmtpProtocolException or SmtpCommandException)
        {
            // The mail server has received everything before this point, so a failure does not matter.
        }
    }

    private static SecureSocketOptions SecurityOf(string security) => security switch
    {
        MailOptions.None => SecureSocketOptions.None,
        MailOptions.Tls => SecureSocketOptions.SslOnConnect,
        _ => SecureSocketOptions.StartTls,
    };

    /// <summary>The text of a mail server often contains the address, so only the status code is reported.</summary>
    private static MailException? ProblemOf(Exception failure) => failure switch
    {
        // A refusal before the recipient, such as of the sender, may pass, because the operator can correct its cause. A refusal of the recipient or of the
        // message is final if its code is 500 or higher.
        SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted } refused =>
            new($"the mail server refused {(refused.ErrorCode == SmtpErrorCode.RecipientNotAccepted ? "the recipient" : "the message")} with {(int)refused.StatusCode}", (int)refused.StatusCode < 500, failure),
        SmtpCommandException { ErrorCode: SmtpErrorCode.SenderNotAccepted } refused => new($"the mail server refused Mail:From with {(int)refused.StatusCode}", true, failure),
        SmtpCommandException refused => new($"the mail server refused a command with {(int)refused.StatusCode}", true, failure),
        AuthenticationException => new("the mail server refused Mail:Username and Mail:Password", true, failure),
        SslHandshakeException => new("the certificate of the mail server is not trusted, or it has none", true, failure),
        // MailKit throws this if STARTTLS or authentication is required but not offered.
        NotSupportedException => new("the mail server does not offer STARTTLS, or no way to sign in", true, failure),
        SmtpProtocolException or IOException or SocketException or TimeoutException => new("the mail server could not be reached, or ended the connection", true, failure),
        _ => null,
    };
}
