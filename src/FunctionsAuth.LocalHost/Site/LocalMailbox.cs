using FunctionsAuth.Protocol.Mail;

namespace FunctionsAuth.LocalHost;

/// <summary>Keeps sent mail in memory, for the page <c>/mail</c> and for tests. No mail leaves this machine.</summary>
public sealed class LocalMailbox(TimeProvider clock) : IMailer
{
    private const int Most = 100;

    private readonly Lock gate = new();
    private readonly List<LocalMail> sent = [];

    /// <summary>The newest first.</summary>
    public IReadOnlyList<LocalMail> Sent
    {
        get
        {
            lock (gate)
                return [.. sent.AsEnumerable().Reverse()];
        }
    }

    public Task SendAsync(MailMessage message, string id, CancellationToken cancellation)
    {
        lock (gate)
        {
            // The same message was sent again, which a mailbox would notice by its Message-ID.
            if (!sent.Exists(mail => mail.Id == id))
                sent.Add(new LocalMail(id, clock.GetUtcNow(), message));
            if (sent.Count > Most)
                sent.RemoveAt(0);
        }
        return Task.CompletedTask;
    }
}

/// <param name="Id">The id of the message: see <see cref="IMailer"/>.</param>
public sealed record LocalMail(string Id, DateTimeOffset At, MailMessage Message);
