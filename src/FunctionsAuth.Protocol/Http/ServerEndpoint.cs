using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Http;

/// <summary>
/// One route. <see cref="HandleAsync"/> has its own steps. <see cref="EndpointPipeline"/> does the steps that every route needs: methods, headers,
/// CORS and errors.
/// </summary>
public abstract class ServerEndpoint
{
    public abstract EndpointRules Rules { get; }

    public abstract Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation);
}

/// <summary>The kind of reader of an endpoint's answers, which decides the form of errors.</summary>
public enum EndpointReader
{
    /// <summary>A program: errors are JSON.</summary>
    Program,

    /// <summary>A person: errors are a page.</summary>
    Person,

    /// <summary>A program that calls an API: errors are problem details (RFC 9457).</summary>
    Api,
}

public enum CorsPolicy
{
    /// <summary>No browser code may read the answer.</summary>
    None,

    /// <summary>Public documents: any origin may.</summary>
    Anyone,

    /// <summary>The origins registered for the client of the request.</summary>
    RegisteredOrigins,
}

/// <param name="Methods">The methods that it supports. Any other method gets 405 with <c>Allow</c>.</param>
public sealed record EndpointRules(EndpointReader Reader, CorsPolicy Cors, params string[] Methods);
