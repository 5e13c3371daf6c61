using System.Net;
using FunctionsAuth.LocalHost;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Mail;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Server.Tests.Mail;

/// <summary>The page <c>/mail</c> of LocalHost, as <c>run</c> maps it.</summary>
public sealed class MailPageTests
{
    [Fact]
    public async Task Without_a_mail_server_the_page_shows_what_was_sent_with_its_link_and_without_its_markup()
    {
        await using var app = await StartAsync();
        Assert.True(app.Services.GetRequiredService<Mails>().AreOn);
        await app.Services.GetRequiredService<Mails>().SendAsync(MailSetup.Message() with { Subject = "<script>1</script>" }, CancellationToken.None);
        await Patience.UntilAsync(() => app.Services.GetRequiredService<LocalMailbox>().Sent.Count == 1);
        var page = await app.GetTestClient().GetStringAsync("/mail");
        Assert.Contains("&lt;script&gt;1&lt;/script&gt;", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"https://login.example/link?x=1&amp;y=2\">", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/mail\"", await app.GetTestClient().GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost:7071", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("[::1]:7071", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.NotFound)]
    [InlineData("localhost.evil.example", HttpStatusCode.NotFound)]
    public async Task The_page_is_for_names_of_this_machine_only(string host, HttpStatusCode status)
    {
        await using var app = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mail") { Headers = { Host = host } };
        Assert.Equal(status, (await app.GetTestClient().SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("Issuer", "https://login.example")]
    [InlineData("Mail:Host", "127.0.0.1")]
    public async Task There_is_no_page_where_others_could_read_it_or_mail_goes_elsewhere(string name, string value)
    {
        await using var app = await StartAsync((name, value), ("Mail:From", "a@example.com"));
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetTestClient().GetAsync("/mail")).StatusCode);
        Assert.Equal(name == "Mail:Host", app.Services.GetRequiredService<Mails>().AreOn);
    }

    private static async Task<WebApplication> StartAsync(params (string Name, string? Value)[] settings)
    {
        var app = LocalServer.Build(new LocalServerOptions { Settings = settings.ToDictionary(pair => pair.Name, pair => pair.Value) }, builder => builder.WebHost.UseTestServer());
        app.MapSite(new SiteFacts(new Uri("http://localhost:7071"), "in memory", [], "demo", app.Services.GetService<LocalMailbox>() is not null));
        await app.StartAsync();
        return app;
    }
}
