using System.Net.Sockets;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Mail;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace FunctionsAuth.Smtp;

/// <summary>
/// Submits mail to a mail server (RFC 6409), a connection for each message: they are few. No member has a type of MailKit, so that its
/// assemblies are loaded when the first mail is sent and not when the app starts.
/// </summary>
public sealed class SmtpMailer(ServerOptions options, TimeProvider clock) : IMailer
{
    // For the whole conversation, well below the lease of an attempt.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly MailOptions settings = options.Mail;

    public Task SendAsync(MailMessage message, string id, CancellationToken cancellation)
    {
        if (IsUnresolved)
            throw new MailException("Mail:Password is a reference to Key Vault that the app could not read", mayPass: true);
        return TryAsync(stopping => SendAsync(MailWriter.Write(message, id, settings.From!, settings.FromName ?? options.OperatorName), stopping), cancellation);
    }

    /// <summary>Whether the server takes a connection, with its encryption, and the name and password where the password is here and no reference to it. Nothing is sent.</summary>
    /// <exception cref="MailException">It does not.</exception>
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
        // Revocation lists are fetched from hosts that an app in a private network can't reach.
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
            // It has what it was to get.
        }
    }

    private static SecureSocketOptions SecurityOf(string security) => security switch
    {
        MailOptions.None => SecureSocketOptions.None,
        MailOptions.Tls => SecureSocketOptions.SslOnConnect,
        _ => SecureSocketOptions.StartTls,
    };

    /// <summary>What a server says often repeats the address, so only its codes are told.</summary>
    private static MailException? ProblemOf(Exception failure) => failure switch
    {
        // Of the sender, or before that, a refusal is the operator's to mend. Of the recipient or the message it is for good.
        SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted } refused =>
            new($"the mail server refused {(refused.ErrorCode == SmtpErrorCode.RecipientNotAccepted ? "the recipient" : "the message")} with {(int)refused.StatusCode}", (int)refused.StatusCode < 500, failure),
        SmtpCommandException { ErrorCode: SmtpErrorCode.SenderNotAccepted } refused => new($"the mail server refused Mail:From with {(int)refused.StatusCode}", true, failure),
        SmtpCommandException refused => new($"the mail server refused a command with {(int)refused.StatusCode}", true, failure),
        AuthenticationException => new("the mail server refused Mail:Username and Mail:Password", true, failure),
        SslHandshakeException => new("the certificate of the mail server is not trusted, or it has none", true, failure),
        // MailKit says so when STARTTLS or authentication is demanded and not offered.
        NotSupportedException => new("the mail server does not offer STARTTLS, or no way to sign in", true, failure),
        SmtpProtocolException or IOException or SocketException or TimeoutException => new("the mail server could not be reached, or ended the connection", true, failure),
        _ => null,
    };
}
