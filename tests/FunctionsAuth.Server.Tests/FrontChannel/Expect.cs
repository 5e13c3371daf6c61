using System.Net;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>What every answer of a kind has in common, so that no test forgets to look.</summary>
internal static class Expect
{
    public const string Callback = "https://web.example/callback";
    public const string State = "state-of-the-test";

    private static readonly string[] Answers = ["code", "error", "error_description", "state", "iss"];

    /// <summary>A page for a person and a developer, and nobody is sent anywhere.</summary>
    public static void Page(Answer answer, string description, HttpStatusCode status = HttpStatusCode.BadRequest)
    {
        Assert.Null(answer.Location);
        Assert.Equal(status, answer.Status);
        Assert.Equal("text/html; charset=utf-8", answer.Response.Content.Headers.ContentType?.ToString());
        Assert.Contains(description, answer.Text());
        NotStored(answer);
    }

    /// <summary>An error at the client's redirect URI: RFC 6749 §4.1.2.1 and RFC 9207.</summary>
    public static void Error(Answer answer, string error, string redirectUri = Callback, string? state = State, char separator = '?')
    {
        At(answer, redirectUri, state, separator);
        Assert.Equal(error, answer.Parameters["error"]);
        Assert.Matches(@"^[\x20-\x21\x23-\x5B\x5D-\x7E]+$", answer.Parameters["error_description"]);
        Assert.DoesNotContain("code", answer.Parameters.Keys);
    }

    /// <summary>A code at the client's redirect URI.</summary>
    public static string Code(Answer answer, string redirectUri = Callback, string? state = State, char separator = '?')
    {
        At(answer, redirectUri, state, separator);
        Assert.DoesNotContain("error", answer.Parameters.Keys);
        return answer.Parameters["code"];
    }

    /// <summary>The person is asked by a page of the server.</summary>
    public static void Form(Answer answer, string action)
    {
        Assert.True(answer.Status == HttpStatusCode.OK, $"{answer.Status} {answer.Location} {answer.Body}");
        Assert.True(answer.HasForm(action), answer.Body);
        NotStored(answer);
    }

    /// <summary>The browser is sent to a page of the server.</summary>
    public static void Asked(Answer answer, string page)
    {
        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.StartsWith($"{RunningServer.Issuer}/{page}?request=", answer.Location);
        NotStored(answer);
    }

    public static void NotStored(Answer answer) => Assert.Equal("no-store", answer.Response.Headers.CacheControl?.ToString());

    private static void At(Answer answer, string redirectUri, string? state, char separator)
    {
        Assert.True(answer.Status == HttpStatusCode.SeeOther, $"{answer.Status} {answer.Body}");
        Assert.StartsWith(redirectUri + separator, answer.Location);
        Assert.Equal(state, answer.Parameters.GetValueOrDefault("state"));
        Assert.Equal(RunningServer.Issuer, answer.Parameters["iss"]);
        Assert.Subset(Answers.ToHashSet(), answer.Parameters.Keys.Where(name => name != "tenant").ToHashSet());
        NotStored(answer);
    }
}
