using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Storage;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Manage.Api;

/// <summary>
/// Executes an operation once for each <c>Idempotency-Key</c> (draft-ietf-httpapi-idempotency-key-header). If a client repeats a request because the
/// answer was lost, it gets the same answer. Answers may contain secrets, so they are stored sealed.
/// </summary>
public sealed class IdempotentCalls(IIdempotencyStore store, ISecretSeal seal, TimeProvider clock)
{
    private const int LongestKey = 255;

    /// <summary>The number of bytes in one property of a row, with some left for the seal.</summary>
    private const int LargestAnswer = 60_000;

    public async Task<ApiAnswer> RunAsync(string key, ApiCall call, CancellationToken cancellation)
    {
        if (key.Length > LongestKey || key.Any(c => c is <= ' ' or > '~'))
            throw ApiProblem.Invalid($"The Idempotency-Key must have 1 to {LongestKey} visible ASCII characters");
        var name = $"{(call.Caller.IsPerson ? "person" : "client")} {call.Caller.Id} {key}";
        var request = RequestOf(call);
        var (isNew, kept) = await store.BeginAsync(name, request, clock.GetUtcNow(), cancellation);
        if (!isNew)
            return await RepeatAsync(kept, request, name, cancellation);
        try
        {
            var answer = await ManageApi.RunAsync(call, cancellation);
            await KeepAsync(kept, answer, name, cancellation);
            return answer;
        }
        // A refused request changed nothing, and after a failure of storage a second attempt can succeed. So both can be repeated.
        catch (Exception e) when (e is ApiProblem or OAuthException or TemporarilyUnavailableException)
        {
            await store.ForgetAsync(kept, cancellation);
            throw;
        }
    }

    private async Task<ApiAnswer> RepeatAsync(IdempotentCall kept, byte[] request, string name, CancellationToken cancellation)
    {
        if (!CryptographicOperations.FixedTimeEquals(kept.Request, request))
            throw new ApiProblem(StatusCodes.Status422UnprocessableEntity, "idempotency_key_reused", "This Idempotency-Key was used with another request: use a new key");
        if (kept.Answer is null)
            throw ApiProblem.Conflict("request_in_progress", "The first request with this Idempotency-Key is still running: try again later");
        if (kept.Answer.Length == 0 || await seal.OpenAsync(kept.Answer, name, cancellation) is not { } opened)
            throw ApiProblem.Conflict("answer_not_kept", "The first request with this Idempotency-Key was answered, but its answer was too large to be stored and repeated");
        var answer = JsonSerializer.Deserialize<KeptAnswer>(opened)!;
        return new ApiAnswer(answer.Status, answer.Body is null ? null : JsonSerializer.Deserialize<JsonElement>(answer.Body)) { Tag = answer.Tag, Location = answer.Location };
    }

    private async Task KeepAsync(IdempotentCall call, ApiAnswer answer, string name, CancellationToken cancellation)
    {
        var body = answer.Value is null ? null : Encoding.UTF8.GetString(ApiJson.Write(answer.Value));
        var written = JsonSerializer.SerializeToUtf8Bytes(new KeptAnswer(answer.Status, body, answer.Tag, answer.Location));
        await store.CompleteAsync(call with { Answer = written.Length <= LargestAnswer ? await seal.SealAsync(written, name, cancellation) : [] }, cancellation);
    }

    private static byte[] RequestOf(ApiCall call)
    {
        var text = new StringBuilder(call.Operation.Id);
        foreach (var (name, value) in call.Route.Concat(call.Query).OrderBy(pair => pair.Key, StringComparer.Ordinal))
            text.Append('\n').Append(name).Append('=').Append(value);
        return SHA256.HashData([.. Encoding.UTF8.GetBytes(text.Append('\n').ToString()), .. call.Body.Span]);
    }

    private sealed record KeptAnswer(int Status, string? Body, string? Tag, string? Location);
}
