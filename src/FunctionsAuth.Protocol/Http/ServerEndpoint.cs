using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Http;

/// <summary>
/// One route. What it does is read from top to bottom in <see cref="HandleAsync"/>; what every route needs (methods,
/// headers, CORS, errors) is done around it by <see cref="EndpointPipeline"/>.
/// </summary>
public abstract class ServerEndpoint
{
    public abstract EndpointRules Rules { get; }

    public abstract Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation);
}

/// <summary>Who reads the answers of an endpoint, which decides how errors look.</summary>
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

    /// <summary>The origins registered for the client that the request turns out to be from.</summary>
    RegisteredOrigins,
}

/// <param name="Methods">What it answers; any other method gets 405 with <c>Allow</c>.</param>
public sealed record EndpointRules(EndpointReader Reader, CorsPolicy Cors, params string[] Methods);
