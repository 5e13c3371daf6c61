using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Endpoints.CheckSession;
using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Functions;

public sealed class CheckSessionFunction(EndpointPipeline pipeline, CheckSessionEndpoint endpoint)
{
    [Function("check_session")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.CheckSession)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, endpoint);
}
