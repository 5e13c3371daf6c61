using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Endpoints.Portal;
using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Functions;

public sealed class PortalFunction(EndpointPipeline pipeline, PortalEndpoint endpoint)
{
    [Function("apps")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.Portal)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, endpoint);
}
