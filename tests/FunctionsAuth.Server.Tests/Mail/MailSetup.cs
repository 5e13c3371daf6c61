using FunctionsAuth.LocalHost;
using FunctionsAuth.Protocol.Mail;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Server.Tests.Mail;

/// <summary>A server whose mail stays in this process.</summary>
public static class MailSetup
{
    /// <summary>The same setup, with mail on.</summary>
    public static ServerSetup WithMail(this ServerSetup setup) => setup with
    {
        Settings = new(setup.Settings) { ["Mail:Host"] = "127.0.0.1", ["Mail:From"] = "no-reply@login.example" },
        Services = services =>
        {
            setup.Services?.Invoke(services);
            services.AddSingleton<LocalMailbox>();
            services.AddSingleton<IMailer>(provider => provider.GetRequiredService<LocalMailbox>());
        },
    };

    public static MailMessage Message(string to = "alice@example.com") => new()
    {
        To = to,
        Subject = "Hello",
        Text = "Open https://login.example/link?x=1&y=2 now.",
        Html = "<p>Open <a href=\"https://login.example/link?x=1&amp;y=2\">the link</a> now.</p>",
    };

    /// <summary>Waits until so many mails were delivered; the newest is first.</summary>
    public static async Task<IReadOnlyList<LocalMail>> MailAsync(this RunningServer server, int count = 1)
    {
        await Patience.UntilAsync(() => server.Get<LocalMailbox>().Sent.Count >= count);
        return server.Get<LocalMailbox>().Sent;
    }
}
