using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Manage.Api;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Manage;

/// <summary>The management API: finds the operation and the caller, and writes the result. Errors are problem details (RFC 9457).</summary>
public sealed class ManageEndpoint(ManageApi api, CallerReader callers, IdempotentCalls idempotent, OpenApiDocument document) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(ManageEndpoint))
    {
        Parts = [typeof(ManageApi), typeof(CallerReader), typeof(IdempotentCalls), typeof(OpenApiDocument), .. ManageResources.Parts],
        Views = ManageResources.All,
    };

    private const string DocumentPath = "openapi.json";

    public override EndpointRules Rules { get; } = new(
        EndpointReader.Api, CorsPolicy.RegisteredOrigins, HttpMethods.Get, HttpMethods.Post, HttpMethods.Put, HttpMethods.Patch, HttpMethods.Delete);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        var path = (http.Request.Path.Value ?? "").Trim('/');
        path = path.Length > Routes.ManageApi.Length ? path[(Routes.ManageApi.Length + 1)..] : "";
        // The list of operations is public: the document contains no data of this server except its address.
        if (path == DocumentPath && HttpMethods.IsGet(http.Request.Method))
            return JsonAnswer.Of(document.Write());
        try
        {
            var found = api.At(path);
            var (operation, route) = found.FirstOrDefault(one => one.Operation.Method == http.Request.Method);
            // A caller without the right learns nothing, not even whether the record exists.
            var caller = await callers.ReadAsync(http, operation?.Scope, cancellation);
            if (found.Count == 0)
                throw new ApiProblem(StatusCodes.Status404NotFound, "not_found", "The API has nothing at this address");
            return operation is null ? NotAllowed(http, found) : Write(http, await AnswerAsync(http, operation, route, caller, cancellation));
        }
        catch (ApiProblem e)
        {
            return ProblemAnswer.Of(e);
        }
    }

    private async Task<ApiAnswer> AnswerAsync(HttpContext http, Operation operation, IReadOnlyDictionary<string, string> route, Caller caller, CancellationToken cancellation)
    {
        var call = new ApiCall(operation, caller)
        {
            Route = route,
            Query = QueryOf(http.Request, operation),
            Body = await ApiBody.ReadAsync(http.Request, operation, cancellation),
            IfMatch = HeaderOf(http.Request.Headers.IfMatch),
            IfNoneMatch = HeaderOf(http.Request.Headers.IfNoneMatch),
        };
        var key = http.Request.Headers["Idempotency-Key"].ToString();
        return key.Length > 0 && operation.TakesIdempotencyKey
            ? await idempotent.RunAsync(key, call, cancellation)
            : await ManageApi.RunAsync(call, cancellation);
    }

    private static Dictionary<string, string> QueryOf(HttpRequest request, Operation operation)
    {
        var parameters = Parameters.FromQuery(request).RefuseRepeated();
        Dictionary<string, string> query = [];
        foreach (var (name, value) in parameters.ToList())
        {
            if (operation.Query.All(known => known.Name != name))
                throw ApiProblem.Invalid("The query has a parameter that the operation does not support", new ApiFault(name, "is unknown"));
            query[name] = value;
        }
        return query;
    }

    private static string? HeaderOf(Microsoft.Extensions.Primitives.StringValues values) => values.Count == 0 ? null : values.ToString();

    private static IResult NotAllowed(HttpContext http, IReadOnlyList<(Operation Operation, IReadOnlyDictionary<string, string> Route)> found)
    {
        http.Response.Headers.Allow = string.Join(", ", found.Select(one => one.Operation.Method));
        return ProblemAnswer.Of(new ApiProblem(StatusCodes.Status405MethodNotAllowed, "method_not_allowed", "The method is not allowed here"));
    }

    private IResult Write(HttpContext http, ApiAnswer answer)
    {
        if (answer.Tag is not null)
            http.Response.Headers.ETag = answer.Tag;
        if (answer.Location is not null)
            http.Response.Headers.Location = $"{document.Address}/{answer.Location}";
        return answer.Value switch
        {
            null => Results.StatusCode(answer.Status),
            var value => new WrittenJson(answer.Status, ApiJson.Write(value), "application/json"),
        };
    }
}
