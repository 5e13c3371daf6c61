using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Endpoints.Authorize;
using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Functions;

public sealed class AuthorizeFunction(EndpointPipeline pipeline, AuthorizeEndpoint endpoint)
{
    [Function("authorize")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.Authorize)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, endpoint);
}
