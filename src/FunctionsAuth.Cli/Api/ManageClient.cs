using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using FunctionsAuth.Cli.SignIn;

namespace FunctionsAuth.Cli.Api;

/// <summary>Calls operations of the management API.</summary>
internal sealed class ManageClient(HttpExchange exchange, Tokens tokens, CancellationToken stopping)
{
    private const string NonceHeader = "DPoP-Nonce";

    private readonly DpopKey? key = DpopKey.Import(tokens.Current.DpopKey);

    private string? nonce;

    /// <param name="query">Values that are null are left out.</param>
    /// <exception cref="CliFailure">The server refused it or did not answer; the same for the others.</exception>
    public Task<ApiAnswer> GetAsync(string path, params (string Name, string? Value)[] query) => CallAsync(new Call(HttpMethod.Get, WithQuery(path, query)) { MayRepeat = true });

    /// <summary>The same for a record that may be missing: null.</summary>
    public async Task<ApiAnswer?> FindAsync(string path)
    {
        try
        {
            return await GetAsync(path);
        }
        catch (CliFailure e) when (e.IsMissing)
        {
            return null;
        }
    }

    /// <summary>An action. The server executes it only once, even if the request is sent again after a failure.</summary>
    public Task<ApiAnswer> PostAsync(string path, JsonNode? body = null) =>
        CallAsync(new Call(HttpMethod.Post, path) { Body = body is null ? null : ApiJson.Bytes(body), IdempotencyKey = Guid.NewGuid().ToString("N"), MayRepeat = true });

    /// <summary>An action that can be repeated without further effect.</summary>
    public Task<ApiAnswer> SendAsync(string path, byte[] body, string mediaType, params (string Name, string? Value)[] query) =>
        CallAsync(new Call(HttpMethod.Post, WithQuery(path, query)) { Body = body, MediaType = mediaType, MayRepeat = true });

    /// <summary>Creates a record, which must not exist.</summary>
    public Task<ApiAnswer> CreateAsync(string path, JsonNode body) => CallAsync(new Call(HttpMethod.Put, path) { Body = ApiJson.Bytes(body), IfNoneMatch = EntityTagHeaderValue.Any });

    /// <param name="tag">The entity tag of the record as it was read.</param>
    public Task<ApiAnswer> ReplaceAsync(string path, byte[] body, string? tag, params (string Name, string? Value)[] query) =>
        CallAsync(new Call(HttpMethod.Put, WithQuery(path, query)) { Body = body, IfMatch = tag });

    /// <summary>Reads a record and changes some members of it.</summary>
    public async Task<ApiAnswer> PatchAsync(string path, JsonNode patch) =>
        await CallAsync(new Call(HttpMethod.Patch, path) { Body = ApiJson.Bytes(patch), MediaType = "application/merge-patch+json", IfMatch = (await GetAsync(path)).Tag });

    /// <summary>Reads a record and deletes it.</summary>
    public async Task<ApiAnswer> DeleteAsync(string path) => await CallAsync(new Call(HttpMethod.Delete, path) { IfMatch = (await GetAsync(path)).Tag });

    private async Task<ApiAnswer> CallAsync(Call call)
    {
        var (refreshed, proved) = (false, false);
        while (true)
        {
            var token = await tokens.GetAsync(stopping);
            using var response = await exchange.SendAsync(() => Request(call, token), call.MayRepeat, stopping);
            var answer = await ApiAnswer.ReadAsync(response, stopping);
            if (response.IsSuccessStatusCode)
                return answer;
            var challenge = response.Headers.WwwAuthenticate.ToString();
            if (response.StatusCode == HttpStatusCode.Unauthorized && challenge.Contains("use_dpop_nonce", StringComparison.Ordinal) && !proved && response.Headers.TryGetValues(NonceHeader, out var given))
            {
                (nonce, proved) = (given.First(), true);
                continue;
            }
            // The token may have been revoked before it expired.
            if (response.StatusCode == HttpStatusCode.Unauthorized && challenge.Contains("invalid_token", StringComparison.Ordinal) && !refreshed && tokens.CanRefresh)
            {
                refreshed = true;
                await tokens.RefreshAsync(stopping);
                continue;
            }
            throw answer.AsFailure(response);
        }
    }

    private HttpRequestMessage Request(Call call, string token)
    {
        var address = new Uri(tokens.Current.Api, call.Path);
        var request = new HttpRequestMessage(call.Method, address) { Headers = { Authorization = new(key is null ? "Bearer" : "DPoP", token) } };
        if (call.Body is not null)
            request.Content = new ByteArrayContent(call.Body) { Headers = { ContentType = new(call.MediaType) } };
        if (call.IfMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", call.IfMatch);
        if (call.IfNoneMatch is not null)
            request.Headers.IfNoneMatch.Add(call.IfNoneMatch);
        if (call.IdempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", call.IdempotencyKey);
        if (key is not null)
            request.Headers.Add("DPoP", key.Prove(call.Method, address, exchange.Clock.GetUtcNow(), nonce, token));
        return request;
    }

    private static string WithQuery(string path, (string Name, string? Value)[] query)
    {
        var given = query.Where(pair => pair.Value is not null).Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value!)}").ToList();
        return given.Count == 0 ? path : $"{path}?{string.Join('&', given)}";
    }

    private sealed record Call(HttpMethod Method, string Path)
    {
        public byte[]? Body { get; init; }

        public string MediaType { get; init; } = "application/json";

        public string? IfMatch { get; init; }

        public EntityTagHeaderValue? IfNoneMatch { get; init; }

        public string? IdempotencyKey { get; init; }

        public bool MayRepeat { get; init; }
    }
}
