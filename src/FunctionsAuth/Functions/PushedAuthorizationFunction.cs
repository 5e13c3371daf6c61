using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Endpoints.Par;
using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Functions;

public sealed class PushedAuthorizationFunction(EndpointPipeline pipeline, PushedAuthorizationEndpoint endpoint)
{
    [Function("par")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.Par)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, endpoint);
}
