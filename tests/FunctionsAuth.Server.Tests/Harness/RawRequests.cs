using System.Net.Http.Headers;
using System.Text;

namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>Sends requests byte by byte, for cases that no correct client sends.</summary>
public static class RawRequests
{
    public const string Form = "application/x-www-form-urlencoded";

    public static Task<JsonAnswer> PostAsync(
        this RunningServer server, string endpoint, string body, string? authorization = null, string? contentType = Form) =>
        server.PostAsync(endpoint, new ByteArrayContent(Encoding.Latin1.GetBytes(body)), authorization, contentType);

    public static async Task<JsonAnswer> PostAsync(
        this RunningServer server, string endpoint, HttpContent content, string? authorization = null, string? contentType = Form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = content };
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return await JsonAnswer.ReadAsync(await server.Http.SendAsync(request));
    }

    public static string Basic(string clientId, string secret) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{clientId}:{secret}"));

    /// <summary>The same value as in clients.json.</summary>
    public static string SecretOf(string clientId) => $"{(clientId == "third-party" ? "third" : clientId)}-secret-0123456789-0123456789-abc";

    public static string? ChallengeOf(this JsonAnswer answer) =>
        answer.Response.Headers.TryGetValues("WWW-Authenticate", out var values) ? string.Join(", ", values) : null;
}
