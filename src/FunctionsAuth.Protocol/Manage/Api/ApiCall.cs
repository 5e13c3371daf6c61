using System.Globalization;
using System.Text.Json;
using FunctionsAuth.Protocol.Json;
using FunctionsAuth.Protocol.Storage;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Manage.Api;

/// <summary>One call of an operation, by HTTP or by the server's own pages.</summary>
public sealed record ApiCall(Operation Operation, Caller Caller)
{
    private static readonly JsonElement Empty = JsonSerializer.SerializeToElement(new object());

    private const int UsualLimit = 50;
    private const int MostLimit = 200;

    /// <summary>The values of the path parameters, in their encoded form.</summary>
    public IReadOnlyDictionary<string, string> Route { get; init; } = new Dictionary<string, string>();

    /// <summary>The values of the query.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>();

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The header fields of RFC 9110 §13.1; null where they are missing.</summary>
    public string? IfMatch { get; init; }

    /// <inheritdoc cref="IfMatch"/>
    public string? IfNoneMatch { get; init; }

    /// <summary>The decoded name in a path parameter.</summary>
    /// <exception cref="ApiProblem">Status 404: it cannot be the name of anything.</exception>
    public string NameOf(string parameter) => ResourceKey.NameOf(Route[parameter]) ?? throw ApiProblem.NotFound(parameter);

    /// <summary>The requested part of a list.</summary>
    /// <exception cref="ApiProblem">Status 400: the limit is not a valid number.</exception>
    public ListRequest List()
    {
        var most = UsualLimit;
        if (Query.TryGetValue("limit", out var text) && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out most) && most is >= 1 and <= MostLimit))
            throw ApiProblem.Invalid($"The limit must be 1 to {MostLimit}");
        return new(most, Query.GetValueOrDefault("after"));
    }

    /// <summary>Compares the entity tag from the caller with the record as it was read.</summary>
    /// <param name="version">Of the record.</param>
    /// <exception cref="ApiProblem">The tag is missing (428), is an asterisk (400), or belongs to an earlier version (412).</exception>
    public void RequireMatch(string version)
    {
        if (IfNoneMatch is not null)
            throw IfNoneMatch.Trim() == EntityTag.Any ? ApiProblem.Exists() : ApiProblem.Invalid("If-None-Match must be *");
        if (IfMatch is null)
            throw ApiProblem.PreconditionRequired("To change an existing record, send its ETag in If-Match");
        if (IfMatch.Trim() == EntityTag.Any)
            throw ApiProblem.Invalid("If-Match must be the ETag of the record, not *, so that you do not overwrite a change that you have not seen");
        if (!EntityTag.IsIn(IfMatch, version))
            throw ApiProblem.Stale();
    }

    /// <summary>The same for a record that does not exist.</summary>
    /// <exception cref="ApiProblem"><c>If-None-Match: *</c> is missing (428), or the caller expected an existing record (412).</exception>
    public void RequireNew()
    {
        if (IfMatch is not null)
            throw new ApiProblem(StatusCodes.Status412PreconditionFailed, "precondition_failed", "The record does not exist any more");
        if (IfNoneMatch is null)
            throw ApiProblem.PreconditionRequired("To create a record, send If-None-Match: *");
        if (IfNoneMatch.Trim() != EntityTag.Any)
            throw ApiProblem.Invalid("If-None-Match must be *");
    }

    /// <summary>The body as a JSON object.</summary>
    /// <exception cref="ApiProblem">Status 400: it is not a JSON object.</exception>
    public JsonElement Json()
    {
        try
        {
            var root = StrictJson.Parse(Body);
            return root.ValueKind == JsonValueKind.Object ? root : throw ApiProblem.Invalid("The body must be a JSON object");
        }
        catch (JsonException)
        {
            throw ApiProblem.Invalid("The body is not valid JSON, has the same member twice, or is deeper than 16 levels");
        }
    }

    /// <summary>The body as a record. Unknown members are errors, because a misspelt member would otherwise be ignored without notice.</summary>
    /// <exception cref="ApiProblem">Status 400, with all problems.</exception>
    public T Read<T>()
        where T : class
    {
        var root = Body.IsEmpty && Operation.IsBodyOptional ? Empty : Json();
        List<ApiFault> faults = [];
        new JsonShape(ApiJson.Options, (path, problem) => faults.Add(new(path, problem))).Fits(root, "", typeof(T));
        return faults.Count == 0 ? root.Deserialize<T>(ApiJson.Options)! : throw ApiProblem.Invalid("The body has errors", faults);
    }
}
