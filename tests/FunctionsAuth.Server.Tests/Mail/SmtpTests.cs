using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FunctionsAuth.Protocol.Mail;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Smtp;
using SmtpServer.Protocol;

namespace FunctionsAuth.Server.Tests.Mail;

/// <summary>What a mail server gets, and what happens when it takes nothing.</summary>
public sealed class SmtpTests : IAsyncLifetime
{
    private const string OnlyMinute = "could not be delivered in attempt 1, and is tried again";

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly TestStorage storage = new(BackEnd.Memory);
    private readonly TestMailServer mail = new();
    private RunningServer server = null!;

    public async Task InitializeAsync() => server = await StartAsync(mail.Settings(("OperatorName", "Ängström & Co")));

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        await mail.DisposeAsync();
    }

    [Fact]
    public async Task A_mail_has_its_sender_recipient_subject_and_both_parts()
    {
        var received = await SendAsync(MailSetup.Message("alice@example.com") with { Subject = "Grüße, 你好" });
        Assert.Equal(("no-reply@login.example", "alice@example.com", null), (received.From, received.To, received.User));
        var message = received.Message;
        Assert.Equal("\"Ängström & Co\" <no-reply@login.example>", message.From.ToString());
        Assert.Equal("alice@example.com", message.To.ToString());
        Assert.Equal("Grüße, 你好", message.Subject);
        Assert.Equal(MailSetup.Message().Text, message.TextBody!.TrimEnd());
        Assert.Equal(MailSetup.Message().Html, message.HtmlBody!.TrimEnd());
        Assert.Equal("multipart/alternative", message.Body!.ContentType.MimeType);
        Assert.Equal("auto-generated", message.Headers["Auto-Submitted"]);
        Assert.EndsWith("@login.example", message.MessageId, StringComparison.Ordinal);
        Assert.False(message.Headers.Contains("X-Mailer"));
    }

    [Theory]
    [InlineData("Hello\r\nBcc: eve@example.com")]
    [InlineData("Hello\nBcc: eve@example.com\n\nother text")]
    [InlineData("Hello\rBcc: eve@example.com")]
    [InlineData("Hello\u2028Bcc: eve@example.com")]
    [InlineData("Hello\0\u0085Bcc: eve@example.com")]
    public async Task A_subject_can_not_add_a_header(string subject)
    {
        var received = await SendAsync(MailSetup.Message() with { Subject = subject });
        Assert.Empty(received.Message.Bcc);
        Assert.DoesNotContain(received.Message.Headers, header => header.Field.Equals("Bcc", StringComparison.OrdinalIgnoreCase));
        Assert.StartsWith("Hello ", received.Message.Subject, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("アリス@example.com")]
    [InlineData("علي@example.com")]
    [InlineData("alice+tag@bücher.example")]
    [InlineData("!#$%&'*/=?^_`{|}~-@example.com")]
    public async Task An_address_may_be_in_any_script(string address)
    {
        var received = await SendAsync(MailSetup.Message(address));
        Assert.Equal(address, Assert.Single(received.Message.To.Mailboxes).Address);
    }

    [Fact]
    public async Task An_address_may_have_320_characters()
    {
        var address = $"{new string('a', 64)}@{string.Join('.', Enumerable.Repeat(new string('d', 60), 4))}.example.com"[..320];
        address = address.TrimEnd('.');
        var received = await SendAsync(MailSetup.Message(address));
        Assert.Equal(address, received.To);
    }

    [Theory]
    [InlineData("")]
    [InlineData("alice")]
    [InlineData("@example.com")]
    [InlineData("alice@")]
    [InlineData("alice@example.com, eve@example.com")]
    [InlineData("Alice <alice@example.com>")]
    [InlineData("alice@example.com\r\nRCPT TO:<eve@example.com>")]
    [InlineData("alice@example.com>\r\nDATA")]
    [InlineData("alice@example.com\n")]
    [InlineData(" alice@example.com")]
    [InlineData("\"alice\"@example.com")]
    [InlineData("alice(comment)@example.com")]
    [InlineData("alice@[127.0.0.1]")]
    [InlineData("alice@example..com")]
    [InlineData(".alice@example.com")]
    [InlineData("alice@eve@example.com")]
    [InlineData("alice\u200b@example.com")]
    [InlineData("alice\u202e@example.com")]
    [InlineData("alice\ud800@example.com")]
    [InlineData("alice@exam ple.com")]
    [InlineData("alice@example.com;eve@example.com")]
    [InlineData("eve%example.org@example.com\0")]
    public async Task What_is_no_address_of_one_person_is_not_written(string address)
    {
        Assert.False(MailMessage.IsAddress(address));
        await Assert.ThrowsAsync<ArgumentException>(() => server.Get<Mails>().SendAsync(MailSetup.Message(address), CancellationToken.None));
        Assert.False(MailMessage.IsAddress($"{new string('a', 65)}@example.com"));
        Assert.False(MailMessage.IsAddress($"a@{new string('d', 256)}"));
        Assert.False(MailMessage.IsAddress(null));
    }

    [Theory]
    [InlineData("451 try later", "the mail server refused the recipient with 451")]
    [InlineData("450 alice@example.com is busy", "the mail server refused the recipient with 450")]
    public async Task What_a_server_refuses_for_now_is_tried_again_without_its_words_in_the_log(string answer, string reason)
    {
        mail.RefuseRecipient = Parse(answer);
        await server.Get<Mails>().SendAsync(MailSetup.Message(), CancellationToken.None);
        await LogAsync($"mail {OnlyMinute}: {reason}");
        mail.RefuseRecipient = null;
        await RetryAsync();
        await ReceiveAsync();
        Assert.DoesNotContain(server.Log.Lines, line => line.Contains("alice@example.com", StringComparison.Ordinal) || line.Contains("Open https", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("550 alice@example.com is unknown", null, "refused the recipient with 550")]
    [InlineData(null, "554 this is spam for alice@example.com", "refused the message with 554")]
    public async Task What_a_server_refuses_for_good_is_given_up(string? recipient, string? message, string reason)
    {
        mail.RefuseRecipient = recipient is null ? null : Parse(recipient);
        mail.RefuseMessage = message is null ? null : Parse(message);
        await server.Get<Mails>().SendAsync(MailSetup.Message(), CancellationToken.None);
        await LogAsync($"mail was not delivered, and after 1 attempts it is given up: the mail server {reason}");
        await Patience.UntilAsync(async () => await storage.CountAsync("Outbox") == 0);
        Assert.Empty(mail.Messages);
        Assert.DoesNotContain(server.Log.Lines, line => line.Contains("alice@example.com", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_sender_that_the_server_refuses_is_the_operators_to_mend()
    {
        mail.RefuseSender = Parse("550 not yours");
        await server.Get<Mails>().SendAsync(MailSetup.Message(), CancellationToken.None);
        await LogAsync($"mail {OnlyMinute}: the mail server refused Mail:From with 550");
        mail.RefuseSender = null;
        await RetryAsync();
        await ReceiveAsync();
    }

    [Fact]
    public async Task A_server_that_is_down_gets_the_mail_when_it_is_back()
    {
        await using var other = await StartAsync([("Mail:Host", "127.0.0.1"), ("Mail:Port", "9"), ("Mail:From", "no-reply@login.example")]);
        await other.Get<Mails>().SendAsync(MailSetup.Message(), CancellationToken.None);
        await LogAsync($"mail {OnlyMinute}: the mail server could not be reached, or ended the connection", other);
    }

    [Fact]
    public async Task A_server_that_is_slow_is_left_alone_after_a_minute_and_asked_again()
    {
        var gate = new TaskCompletionSource();
        mail.Gate = gate.Task;
        await server.Get<Mails>().SendAsync(MailSetup.Message(), CancellationToken.None);
        await Patience.UntilAsync(() => mail.Asked == 1);
        server.Clock.RunOut(Pause);
        await LogAsync($"mail {OnlyMinute}: the mail server did not answer in time");
        gate.SetResult();
        await RetryAsync();
        await ReceiveAsync();
    }

    [Fact]
    public async Task A_server_that_says_nothing_or_something_else_is_asked_again()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var other = await StartAsync([("Mail:Host", "127.0.0.1"), ("Mail:Port", $"{((IPEndPoint)listener.LocalEndpoint).Port}"), ("Mail:From", "no-reply@login.example")]);
        await other.Get<Mails>().SendAsync(MailSetup.Message(), CancellationToken.None);
        using (var caller = await listener.AcceptTcpClientAsync())
            await caller.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        await LogAsync($"mail {OnlyMinute}: the mail server could not be reached, or ended the connection", other);
    }

    [Fact]
    public async Task A_server_without_STARTTLS_gets_no_mail_and_no_password()
    {
        await using var other = await StartAsync(mail.Settings(("Mail:Security", "starttls"), ("Mail:Username", TestMailServer.Username), ("Mail:Password", TestMailServer.Password)));
        await other.Get<Mails>().SendAsync(MailSetup.Message(), CancellationToken.None);
        await LogAsync($"mail {OnlyMinute}: the mail server does not offer STARTTLS", other);
        Assert.Equal((0, 0), (mail.Asked, mail.Messages.Count));
    }

    [Fact]
    public async Task A_server_whose_certificate_nobody_trusts_gets_no_mail()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await using var untrusted = new TestMailServer(certificate);
        await using var other = await StartAsync(untrusted.Settings(("Mail:Security", "starttls")));
        await other.Get<Mails>().SendAsync(MailSetup.Message(), CancellationToken.None);
        await LogAsync($"mail {OnlyMinute}: the certificate of the mail server is not trusted", other);
        Assert.Empty(untrusted.Messages);
    }

    [Theory]
    [InlineData(TestMailServer.Password, null)]
    [InlineData("wrong", "the mail server refused Mail:Username and Mail:Password")]
    [InlineData("@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/mail)", "Mail:Password is a reference to Key Vault that the app could not read")]
    public async Task The_server_signs_in_where_it_has_a_name(string password, string? reason)
    {
        await using var other = await StartAsync(mail.Settings(("Mail:Username", TestMailServer.Username), ("Mail:Password", password)));
        await other.Get<Mails>().SendAsync(MailSetup.Message(), CancellationToken.None);
        if (reason is null)
            Assert.Equal(TestMailServer.Username, (await ReceiveAsync()).User);
        else
            await LogAsync($"mail {OnlyMinute}: {reason}", other);
        Assert.DoesNotContain(other.Log.Lines, line => line.Contains(password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_is_asked_whether_it_answers_and_gets_nothing()
    {
        await CheckAsync(mail.Settings());
        await CheckAsync(mail.Settings(("Mail:Username", TestMailServer.Username), ("Mail:Password", TestMailServer.Password)));
        await CheckAsync(mail.Settings(("Mail:Username", TestMailServer.Username), ("Mail:Password", "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/mail)")));
        Assert.Contains("refused Mail:Username", (await Assert.ThrowsAsync<MailException>(() => CheckAsync(mail.Settings(("Mail:Username", TestMailServer.Username), ("Mail:Password", "wrong"))))).Message, StringComparison.Ordinal);
        Assert.Contains("does not offer STARTTLS", (await Assert.ThrowsAsync<MailException>(() => CheckAsync(mail.Settings(("Mail:Security", "starttls"))))).Message, StringComparison.Ordinal);
        Assert.Empty(mail.Messages);
        var gone = new TestMailServer();
        await gone.DisposeAsync();
        Assert.Contains("could not be reached", (await Assert.ThrowsAsync<MailException>(() => CheckAsync(gone.Settings()))).Message, StringComparison.Ordinal);

        async Task CheckAsync((string, string)[] settings)
        {
            await using var one = await StartAsync(settings);
            await ((SmtpMailer)one.Get<IMailer>()).CheckAsync(default);
        }
    }

    private static SmtpResponse Parse(string line) => new((SmtpReplyCode)int.Parse(line[..3], System.Globalization.CultureInfo.InvariantCulture), line[4..]);

    private Task<RunningServer> StartAsync((string, string)[] settings) => RunningServer.StartAsync(storage.Setup(settings) with { Import = false });

    private async Task<TestMailServer.Received> SendAsync(MailMessage message)
    {
        await server.Get<Mails>().SendAsync(message, CancellationToken.None);
        return await ReceiveAsync();
    }

    private async Task<TestMailServer.Received> ReceiveAsync()
    {
        await Patience.UntilAsync(() => !mail.Messages.IsEmpty);
        return Assert.Single(mail.Messages);
    }

    private async Task RetryAsync()
    {
        await Patience.UntilAsync(() => server.Clock.Waiting(Pause) > 0);
        server.Clock.RunOut(Pause);
    }

    private Task LogAsync(string text, RunningServer? other = null) => Patience.UntilAsync(() => (other ?? server).Log.Lines.Any(line => line.Contains(text, StringComparison.Ordinal)));
}
