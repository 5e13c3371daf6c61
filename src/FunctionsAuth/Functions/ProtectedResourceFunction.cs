using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Endpoints.Metadata;
using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Functions;

public sealed class ProtectedResourceFunction(EndpointPipeline pipeline, ProtectedResourceEndpoint endpoint)
{
    [Function("protected_resource")]
    public Task<IResult> ProtectedResource([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.ProtectedResourceMetadata + "/{*resourcePath}")] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, endpoint);
}
