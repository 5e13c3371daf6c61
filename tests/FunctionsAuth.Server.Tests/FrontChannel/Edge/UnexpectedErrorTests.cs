using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Azure.Data.Tables;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>A record that can't be read is what nobody foresaw.</summary>
public sealed partial class UnexpectedErrorTests(FrontServer shared) : IClassFixture<FrontServer>
{
    [Fact]
    public async Task A_person_gets_a_page_with_an_id_that_is_in_the_log()
    {
        await BreakAsync("broken-page");
        var answer = await shared.NewBrowser().GetAsync(new AuthorizationParameters("broken-page").Url);
        Expect.Page(answer, "Something went wrong", HttpStatusCode.InternalServerError);
        Assert.Contains("server_error", answer.Text());
        AssertLogged(CorrelationId().Match(answer.Text()).Value);
        AssertSilent(answer.Body);
    }

    [Fact]
    public async Task A_program_gets_JSON_with_an_id_that_is_in_the_log()
    {
        await BreakAsync("broken-token");
        var response = await shared.Server.Http.PostAsync("token", new FormUrlEncodedContent(
            [new("grant_type", "client_credentials"), new("client_id", "broken-token"), new("client_secret", "secret")]));
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        var body = await response.Content.ReadAsStringAsync();
        var json = JsonDocument.Parse(body).RootElement;
        Assert.Equal("server_error", json.GetProperty("error").GetString());
        AssertLogged(CorrelationId().Match(json.GetProperty("error_description").GetString()!).Value);
        AssertSilent(body);
    }

    private async Task BreakAsync(string clientId)
    {
        var tables = shared.Server.Get<TableServiceClient>().GetTableClient("Clients");
        await tables.AddEntityAsync(new TableEntity(clientId, "client") { ["Json"] = "{ broken" });
    }

    private void AssertLogged(string correlationId)
    {
        Assert.NotEmpty(correlationId);
        var line = Assert.Single(shared.Server.Log.Lines, line => line.Contains(correlationId, StringComparison.Ordinal));
        Assert.StartsWith("Error ", line);
        Assert.Contains("JsonException", line);
    }

    /// <summary>Nothing of what happened inside.</summary>
    private static void AssertSilent(string body)
    {
        Assert.DoesNotContain("Exception", body);
        Assert.DoesNotContain("   at ", body);
        Assert.DoesNotContain("broken", body);
    }

    [GeneratedRegex("[0-9a-f]{32}")]
    private static partial Regex CorrelationId();
}
