using System.Net;
using System.Text.RegularExpressions;
using Azure;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Storage;

/// <summary>
/// What storage will never do is nobody's to try again: an unexpected error, with an id for whoever reads the log. Only what
/// passes is "temporarily unavailable".
/// </summary>
public sealed partial class RefusalTests : IAsyncLifetime
{
    private readonly TestStorage storage = new(BackEnd.Memory);
    private RunningServer server = null!;
    private ClientApp web = null!;
    private Browser alice = null!;
    private JsonAnswer tokens = null!;

    public async Task InitializeAsync()
    {
        server = await RunningServer.StartAsync(storage.Setup());
        web = new ClientApp(server);
        alice = new Browser(server);
        tokens = (await web.LoginAsync("openid offline_access", alice)).ShouldBeOk();
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData(400, "Grants read")]
    [InlineData(403, "Grants read")]
    [InlineData(400, "Grants replace")]
    [InlineData(403, "Grants replace")]
    public async Task A_program_gets_500_with_an_id_that_is_in_the_log(int status, string operation)
    {
        Refuse(status, operation);
        var answer = (await web.RefreshAsync(tokens.RefreshToken)).ShouldFail("server_error", 500);
        Assert.Null(answer.Response.Headers.RetryAfter);
        Assert.DoesNotContain("try again", answer["error_description"]);
        ShouldBeLogged(answer["error_description"]!, ReasonOf(status));
        // It was refused, so nothing has happened.
        storage.Script.Before = null;
        (await web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
    }

    [Theory]
    [InlineData(400, "Sessions read")]
    [InlineData(403, "Sessions read")]
    [InlineData(400, "Grants insert")]
    [InlineData(403, "Grants insert")]
    public async Task A_person_gets_a_page_with_an_id_that_is_in_the_log(int status, string operation)
    {
        Refuse(status, operation);
        var answer = await alice.GetAsync(new AuthorizationParameters().Url);
        Assert.Null(answer.Location);
        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
        Assert.Null(answer.Response.Headers.RetryAfter);
        var text = answer.Document.Body!.TextContent;
        Assert.Contains("server_error", text);
        ShouldBeLogged(text, ReasonOf(status));
    }

    [Theory]
    [InlineData(429, "Grants read")]
    [InlineData(503, "Grants read")]
    [InlineData(429, "Grants replace")]
    [InlineData(503, "Grants replace")]
    public async Task What_passes_is_503_and_what_was_presented_is_still_good(int status, string operation)
    {
        Refuse(status, operation);
        (await web.RefreshAsync(tokens.RefreshToken)).ShouldBeUnavailable();
        storage.Script.Before = null;
        (await web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    public async Task A_guess_at_a_password_that_can_not_be_counted_is_no_try_again(int status)
    {
        var browser = new Browser(server);
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        Refuse(status, "Users replace");
        Assert.Equal(HttpStatusCode.InternalServerError, (await browser.LoginAsync(page)).Status);
    }

    private void Refuse(int status, string refused) => storage.Script.Before = operation =>
    {
        if (operation.ToString() == refused)
            throw new RequestFailedException(status, ReasonOf(status), "TestRefusal", null);
    };

    private static string ReasonOf(int status) => $"Refused for the test with {status}.";

    private void ShouldBeLogged(string text, string reason)
    {
        var id = CorrelationId().Match(text).Value;
        Assert.NotEmpty(id);
        var line = Assert.Single(server.Log.Lines, line => line.Contains(id, StringComparison.Ordinal));
        Assert.StartsWith("Error ", line);
        Assert.Contains(reason, line);
        Assert.DoesNotContain(nameof(TemporarilyUnavailableException), line);
    }

    [GeneratedRegex("[0-9a-f]{32}")]
    private static partial Regex CorrelationId();
}
