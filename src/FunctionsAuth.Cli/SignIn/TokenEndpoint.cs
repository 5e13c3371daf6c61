using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Cli.Api;

namespace FunctionsAuth.Cli.SignIn;

/// <summary>Sends form requests to the endpoints of the server.</summary>
internal sealed class TokenEndpoint(HttpExchange exchange)
{
    /// <summary>RFC 9449 §8: a server may require a nonce in the proof.</summary>
    private const string NonceHeader = "DPoP-Nonce";

    /// <param name="key">The key to which tokens are bound; null for bearer tokens.</param>
    /// <param name="secret">The secret of a confidential client; null for a public client.</param>
    /// <exception cref="CliFailure">The server refused it, with its reason.</exception>
    public async Task<JsonObject> AskAsync(Uri address, Dictionary<string, string> form, DpopKey? key, string? secret, CancellationToken stopping)
    {
        string? nonce = null;
        while (true)
        {
            // A code that is sent twice looks stolen to the server, so it is not repeated.
            using var response = await exchange.SendAsync(() => Request(address, form, key, secret, nonce), mayRepeat: form.GetValueOrDefault("grant_type") != "authorization_code", stopping);
            var answer = await ApiAnswer.ReadAsync(response, stopping);
            if (response.IsSuccessStatusCode)
                return answer.Body.Length == 0 ? [] : answer.Record;
            var error = ErrorOf(answer);
            if (error.Text("error") == "use_dpop_nonce" && nonce is null && response.Headers.TryGetValues(NonceHeader, out var given))
            {
                nonce = given.First();
                continue;
            }
            throw response.StatusCode >= HttpStatusCode.InternalServerError
                ? CliFailure.Unreachable($"The server cannot do this at the moment (status {(int)response.StatusCode}).")
                : CliFailure.NotSignedIn($"The server refused the sign-in: {error.Text("error_description") ?? error.Text("error") ?? $"status {(int)response.StatusCode}"}.");
        }
    }

    private HttpRequestMessage Request(Uri address, Dictionary<string, string> form, DpopKey? key, string? secret, string? nonce)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        // RFC 6749 §2.3.1: both are form-encoded first.
        if (secret is not null)
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{WebUtility.UrlEncode(form["client_id"])}:{WebUtility.UrlEncode(secret)}")));
        if (key is not null)
            request.Headers.Add("DPoP", key.Prove(HttpMethod.Post, address, exchange.Clock.GetUtcNow(), nonce, null));
        return request;
    }

    private static JsonNode? ErrorOf(ApiAnswer answer)
    {
        try
        {
            return answer.Json;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
