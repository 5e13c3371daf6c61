using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Client;

/// <summary>The suite as an HTTP client: it follows no redirect, takes any certificate and tries nothing twice.</summary>
internal static class SuiteHttp
{
    private static readonly HttpClient Client = NewClient(null);
    private static readonly ConcurrentDictionary<string, HttpClient> WithCertificate = new();

    public static Task<Answer> SendAsync(HttpRequestMessage request) => SendAsync(request, Client);

    /// <summary>On a connection that has this certificate.</summary>
    public static Task<Answer> SendAsync(HttpRequestMessage request, X509Certificate2 certificate) => SendAsync(request, WithCertificate.GetOrAdd(certificate.Thumbprint, _ => NewClient(certificate)));

    private static HttpClient NewClient(X509Certificate2? certificate) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        SslOptions =
        {
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
            LocalCertificateSelectionCallback = certificate is null ? null : (_, _, _, _, _) => certificate,
        },
    })
    { Timeout = Patience.Limit };

    private static async Task<Answer> SendAsync(HttpRequestMessage request, HttpClient client)
    {
        using var response = await client.SendAsync(request);
        return new Answer(
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.ToString(),
            response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated).ToDictionary(
                header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase),
            response.Headers.NonValidated.TryGetValues("Set-Cookie", out var cookies) ? [.. cookies] : [],
            await response.Content.ReadAsStringAsync());
    }

    public static Task<Answer> GetAsync(string url) => SendAsync(new HttpRequestMessage(HttpMethod.Get, url));

    /// <summary>A call that the suite marks as wanting JSON.</summary>
    public static Task<Answer> SendForJsonAsync(HttpRequestMessage request)
    {
        request.Headers.Accept.ParseAdd("application/json");
        return SendAsync(request);
    }
}

/// <summary>A response that was read.</summary>
/// <param name="ContentType">The whole header.</param>
/// <param name="Headers">All but <c>Set-Cookie</c> have one value, or several joined by commas.</param>
public sealed record Answer(int Status, string? ContentType, IReadOnlyDictionary<string, string> Headers, IReadOnlyList<string> SetCookies, string Body)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public string? MediaType => ContentType?.Split(';')[0].Trim();

    /// <summary>The body, which must be a JSON object without repeated members.</summary>
    public JsonObject Json => JsonObjectOf(Body);

    public static JsonObject JsonObjectOf(string text)
    {
        try
        {
            return Assert.IsType<JsonObject>(JsonNode.Parse(text, documentOptions: Strict));
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException($"This is no JSON object: {text}", e);
        }
    }
}
