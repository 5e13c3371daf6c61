using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Endpoints.Health;
using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Functions;

public sealed class HealthFunction(EndpointPipeline pipeline, HealthEndpoint live, ReadyEndpoint ready)
{
    [Function("health")]
    public Task<IResult> Live([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.Health)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, live);

    [Function("ready")]
    public Task<IResult> Ready([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.Ready)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, ready);
}
