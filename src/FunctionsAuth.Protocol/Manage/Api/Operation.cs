using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Manage.Api;

/// <summary>The precondition that a change of a record must have: RFC 9110 §13.1.</summary>
public enum Precondition
{
    None,

    /// <summary><c>If-Match</c> with the entity tag of the record.</summary>
    Match,

    /// <summary>The same for a record that exists, and <c>If-None-Match: *</c> for a new one.</summary>
    MatchOrNew,
}

/// <summary>One operation of the management API. The router, the OpenAPI document and the tests of all routes use it.</summary>
/// <param name="Id">The <c>operationId</c>, such as <c>list_users</c>.</param>
/// <param name="Path">Below the address of the API, with parameters in braces, such as <c>users/{subject}</c>.</param>
/// <param name="Scope">The scope that the caller must have.</param>
/// <param name="Summary">What it does, in one sentence.</param>
public sealed record Operation(string Id, string Method, string Path, string Scope, string Summary, Func<ApiCall, CancellationToken, Task<ApiAnswer>> Run)
{
    public string[] Segments { get; } = Path.Split('/');

    /// <summary>The type of the body; null if there is none.</summary>
    public Type? Body { get; init; }

    /// <summary>The body can be left out.</summary>
    public bool IsBodyOptional { get; init; }

    /// <summary>The media type of the body.</summary>
    public string BodyType { get; init; } = "application/json";

    /// <summary>The largest size of the body in bytes.</summary>
    public int MostBytes { get; init; } = 1024 * 1024;

    /// <summary>The type of the answer's body; null if there is none.</summary>
    public Type? Result { get; init; }

    /// <summary>The status code of success.</summary>
    public int Status { get; init; } = StatusCodes.Status200OK;

    public IReadOnlyList<QueryParameter> Query { get; init; } = [];

    public Precondition Precondition { get; init; }

    /// <summary>A repeated request with the same <c>Idempotency-Key</c> gets the same answer.</summary>
    public bool TakesIdempotencyKey { get; init; }

    /// <summary>
    /// The largest number of storage operations for a record of usual size, without those for the access token. For a list: for a page with one
    /// entry.
    /// </summary>
    public required int Cost { get; init; }
}

/// <param name="Description">What it selects, in one sentence.</param>
public sealed record QueryParameter(string Name, string Description)
{
    public static IReadOnlyList<QueryParameter> OfList { get; } =
    [
        new("limit", "How many entries the answer has at most: 1 to 200; 50 without this parameter."),
        new("after", "The value of next in the part before: the answer continues there."),
    ];
}

/// <summary>The answer of an operation.</summary>
/// <param name="Value">The body; null for none.</param>
public sealed record ApiAnswer(int Status, object? Value)
{
    /// <summary>The entity tag of the record.</summary>
    public string? Tag { get; init; }

    /// <summary>The path of the record, below the address of the API.</summary>
    public string? Location { get; init; }

    public static ApiAnswer Nothing { get; } = new(StatusCodes.Status204NoContent, null);

    /// <param name="version">The version of the record in storage.</param>
    public static ApiAnswer Of(object value, string? version = null) => new(StatusCodes.Status200OK, value) { Tag = version is null ? null : EntityTag.Of(version) };

    public static ApiAnswer Created(object value, string location, string? version = null) => Of(value, version) with { Status = StatusCodes.Status201Created, Location = location };
}

/// <summary>A part of a list.</summary>
/// <param name="Items">The entries. The list can be empty although there are more entries.</param>
/// <param name="Next">The value of <c>after</c> for the next part; null at the end of the list.</param>
public sealed record ApiList<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Operations on one kind of records.</summary>
public abstract class ManageResource
{
    /// <summary>The group of the operations in the OpenAPI document.</summary>
    public abstract string Tag { get; }

    public abstract IReadOnlyList<Operation> Operations { get; }
}
