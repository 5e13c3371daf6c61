using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Pages;

namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>A request for a management page: the user, the rights of the user, and the address.</summary>
/// <param name="Page">The address below <c>manage/</c>.</param>
/// <param name="Route">The values of the parameters in the address.</param>
public sealed record ManageVisit(OperationBook Book, Caller Caller, string Page, IReadOnlyDictionary<string, string> Route, Parameters Query)
{
    /// <summary>The form that was refused; null if none was refused.</summary>
    public Parameters? Typed { get; init; }

    /// <summary>The reason why the form was refused; null if none was refused.</summary>
    public ApiProblem? Problem { get; init; }

    /// <summary>Somebody else changed the record while the user filled in the form.</summary>
    public bool IsStale => Problem is { Code: "precondition_failed" };

    public bool May(string scope) => Caller.Has(scope);

    /// <summary>Runs an operation of the API on behalf of the user.</summary>
    /// <param name="id">The id of the operation, such as <c>get_user</c>. The parameters of its path come from <see cref="Route"/> and from <paramref
    /// name="values"/>.</param>
    /// <exception cref="ApiProblem">The operation was refused.</exception>
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

    /// <summary>Runs an operation that returns a record, and reads the record.</summary>
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

/// <summary>The content of a page.</summary>
public sealed record ManageContent(Phrase Heading, params IReadOnlyList<ManageBlock> Blocks)
{
    /// <summary>The content without the blocks that are null.</summary>
    public static ManageContent Of(Phrase heading, params IEnumerable<ManageBlock?> blocks) => new(heading, [.. blocks.OfType<ManageBlock>()]);
}

/// <summary>The result of a form that was accepted.</summary>
/// <param name="Page">The page that is shown next; null for the same page.</param>
/// <param name="Done">The message for the user. If it is null, the browser is redirected to the page.</param>
/// <param name="Once">Blocks that are shown only once, such as a new secret.</param>
public sealed record ManageResult(string? Page, Phrase? Done = null, params IReadOnlyList<ManageBlock> Once);
