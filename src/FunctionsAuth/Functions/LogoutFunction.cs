using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Endpoints.Logout;
using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Functions;

public sealed class LogoutFunction(EndpointPipeline pipeline, LogoutEndpoint endpoint)
{
    [Function("logout")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.Logout)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, endpoint);
}
