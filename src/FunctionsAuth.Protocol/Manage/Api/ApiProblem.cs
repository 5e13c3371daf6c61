using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Manage.Api;

/// <summary>One problem in a body.</summary>
/// <param name="Path">The place, such as <c>redirect_uris[0]</c>; empty for the body as a whole.</param>
/// <param name="Detail">The rest of a sentence that begins with the path.</param>
public sealed record ApiFault(string Path, string Detail);

/// <summary>Ends a call of the management API with problem details: RFC 9457.</summary>
/// <param name="code">The code for programs: the last part of the problem's <c>type</c>.</param>
/// <param name="detail">The problem as text for people. It quotes no secret.</param>
public sealed class ApiProblem(int status, string code, string detail) : Exception(detail)
{
    public int Status => status;

    public string Code => code;

    /// <summary>The single problems in the body.</summary>
    public IReadOnlyList<ApiFault> Faults { get; init; } = [];

    public static ApiProblem NotFound(string what) => new(StatusCodes.Status404NotFound, "not_found", $"There is no such {what}");

    public static ApiProblem Invalid(string detail, params IEnumerable<ApiFault> faults) => new(StatusCodes.Status400BadRequest, "invalid_request", detail) { Faults = [.. faults] };

    /// <summary>The request contradicts the stored data.</summary>
    public static ApiProblem Conflict(string code, string detail) => new(StatusCodes.Status409Conflict, code, detail);

    /// <summary>RFC 6585 §3.</summary>
    public static ApiProblem PreconditionRequired(string detail) => new(StatusCodes.Status428PreconditionRequired, "precondition_required", detail);

    /// <summary>RFC 9110 §15.5.13.</summary>
    public static ApiProblem Stale() => new(StatusCodes.Status412PreconditionFailed, "precondition_failed", "The record was changed since you read it: read it again and repeat your change");

    /// <summary>RFC 9110 §15.5.13: <c>If-None-Match: *</c>.</summary>
    public static ApiProblem Exists() => new(StatusCodes.Status412PreconditionFailed, "precondition_failed", "A record with this name exists already");

    public static ApiProblem Forbidden(string detail) => new(StatusCodes.Status403Forbidden, "forbidden", detail);
}
