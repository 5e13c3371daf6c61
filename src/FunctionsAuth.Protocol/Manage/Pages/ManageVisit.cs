using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Pages;

namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>Who looks at a page of the management, and what they may do there.</summary>
/// <param name="Page">Its address below <c>manage/</c>.</param>
/// <param name="Route">The values of the parameters in the address.</param>
public sealed record ManageVisit(OperationBook Book, Caller Caller, string Page, IReadOnlyDictionary<string, string> Route, Parameters Query)
{
    /// <summary>The form that was refused; null where none was.</summary>
    public Parameters? Typed { get; init; }

    /// <summary>Why; null where none was.</summary>
    public ApiProblem? Problem { get; init; }

    /// <summary>Somebody else changed the record while the person filled in the form.</summary>
    public bool IsStale => Problem is { Code: "precondition_failed" };

    public bool May(string scope) => Caller.Has(scope);

    /// <summary>Runs an operation of the API on behalf of the person.</summary>
    /// <param name="id">Of the operation, such as <c>get_user</c>. Its path takes what it needs from <see cref="Route"/> and from <paramref name="values"/>.</param>
    /// <exception cref="ApiProblem">It was refused.</exception>
    public Task<ApiAnswer> CallAsync(string id, CancellationToken cancellation, JsonObject? body = null, string? etag = null, bool isNew = false, params IEnumerable<(string Name, string? Value)> values)
    {
        var operation = Book[id];
        var given = values.Where(value => value.Value is { Length: > 0 }).ToDictionary(value => value.Name, value => value.Value!);
        foreach (var (name, value) in Route)
            given.TryAdd(name, value);
        var inPath = operation.Segments.Where(segment => segment.StartsWith('{')).Select(segment => segment[1..^1]).ToList();
        var call = new ApiCall(operation, Caller)
        {
            Route = inPath.ToDictionary(name => name, name => given.GetValueOrDefault(name, "")),
            Query = given.Where(value => operation.Query.Any(known => known.Name == value.Key)).ToDictionary(),
            Body = body is null ? default(ReadOnlyMemory<byte>) : JsonSerializer.SerializeToUtf8Bytes(body),
            IfMatch = etag,
            IfNoneMatch = isNew ? EntityTag.Any : null,
        };
        return ManageApi.RunAsync(call, cancellation);
    }

    /// <summary>The value of an operation that answers with a record.</summary>
    /// <inheritdoc cref="CallAsync"/>
    public async Task<T> GetAsync<T>(string id, CancellationToken cancellation, params IEnumerable<(string Name, string? Value)> values) =>
        (T)(await CallAsync(id, cancellation, values: values)).Value!;
}

/// <summary>The operations of the API by their ids.</summary>
public sealed class OperationBook(ManageApi api)
{
    private readonly Lazy<Dictionary<string, Operation>> byId = new(() => api.Operations.ToDictionary(operation => operation.Id));

    public Operation this[string id] => byId.Value[id];

    public IReadOnlyList<ManageResource> Resources => api.Resources;
}

/// <summary>What stands on a page.</summary>
public sealed record ManageContent(Phrase Heading, params IReadOnlyList<ManageBlock> Blocks)
{
    /// <summary>The content without blocks that are not there.</summary>
    public static ManageContent Of(Phrase heading, params IEnumerable<ManageBlock?> blocks) => new(heading, [.. blocks.OfType<ManageBlock>()]);
}

/// <summary>What follows a form that was good.</summary>
/// <param name="Page">The page that comes next; null for the same one.</param>
/// <param name="Done">What was done. Without it, the browser is sent to the page.</param>
/// <param name="Once">What is shown this once, such as a new secret.</param>
public sealed record ManageResult(string? Page, Phrase? Done = null, params IReadOnlyList<ManageBlock> Once);
