using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using FunctionsAuth.Dev.Tools;
using MimeKit;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.ComponentModel;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace FunctionsAuth.Server.Tests.Mail;

/// <summary>A mail server that keeps what it takes, and refuses what a test says.</summary>
public sealed class TestMailServer : IAsyncDisposable
{
    public const string Username = "mailer";
    public const string Password = "of-the-mailer";

    private readonly CancellationTokenSource ending = new();
    private readonly Task serving;

    /// <param name="certificate">With it, the server offers STARTTLS.</param>
    public TestMailServer(X509Certificate2? certificate = null)
    {
        var options = new SmtpServerOptionsBuilder().ServerName("mail.example").Endpoint(endpoint =>
        {
            endpoint.Port(Port).AllowUnsecureAuthentication();
            if (certificate is not null)
                endpoint.Certificate(certificate);
        }).Build();
        var parts = new ServiceProvider();
        parts.Add(new Store(this));
        parts.Add(new Filter(this));
        parts.Add(new Users());
        serving = new SmtpServer.SmtpServer(options, parts).StartAsync(ending.Token);
    }

    public int Port { get; } = FreePort.Find();

    public ConcurrentQueue<Received> Messages { get; } = new();

    /// <summary>How many times the server was asked to take mail for somebody.</summary>
    public int Asked { get; private set; }

    /// <summary>What it says to the recipient; null when it takes mail for them.</summary>
    public SmtpResponse? RefuseRecipient { get; set; }

    /// <inheritdoc cref="RefuseRecipient"/>
    public SmtpResponse? RefuseSender { get; set; }

    /// <summary>What it says to the content; null when it takes it.</summary>
    public SmtpResponse? RefuseMessage { get; set; }

    /// <summary>What it waits for before it answers to a recipient.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Settings of a server that sends its mail here.</summary>
    public (string, string)[] Settings(params (string, string)[] more) =>
        [("Mail:Host", "127.0.0.1"), ("Mail:Port", $"{Port}"), ("Mail:From", "no-reply@login.example"), .. more];

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await serving;
        ending.Dispose();
    }

    /// <param name="User">Who had signed in.</param>
    public sealed record Received(MimeMessage Message, string From, string To, string? User);

    private sealed class Store(TestMailServer server) : MessageStore
    {
        public override async Task<SmtpResponse> SaveAsync(ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            if (server.RefuseMessage is { } refusal)
                return refusal;
            using var content = new MemoryStream(buffer.ToArray());
            server.Messages.Enqueue(new(
                await MimeMessage.LoadAsync(content, cancellationToken), transaction.From.AsAddress(), Assert.Single(transaction.To).AsAddress(), context.Authentication?.User));
            return SmtpResponse.Ok;
        }
    }

    private sealed class Filter(TestMailServer server) : MailboxFilter
    {
        public override Task<bool> CanAcceptFromAsync(ISessionContext context, IMailbox from, int size, CancellationToken cancellationToken) =>
            server.RefuseSender is { } refusal ? throw new SmtpResponseException(refusal) : Task.FromResult(true);

        public override async Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from, CancellationToken cancellationToken)
        {
            server.Asked++;
            await server.Gate.WaitAsync(cancellationToken);
            return server.RefuseRecipient is { } refusal ? throw new SmtpResponseException(refusal) : true;
        }
    }

    private sealed class Users : UserAuthenticator
    {
        public override Task<bool> AuthenticateAsync(ISessionContext context, string user, string password, CancellationToken cancellationToken) =>
            Task.FromResult((user, password) == (Username, Password));
    }
}
