using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Endpoints.Introspection;
using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Functions;

public sealed class IntrospectFunction(EndpointPipeline pipeline, IntrospectionEndpoint endpoint)
{
    [Function("introspect")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.Introspect)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, endpoint);
}
