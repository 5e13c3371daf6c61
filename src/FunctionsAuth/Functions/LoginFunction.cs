using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Endpoints.Login;
using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Functions;

public sealed class LoginFunction(EndpointPipeline pipeline, LoginEndpoint endpoint)
{
    [Function("login")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.Login)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, endpoint);
}
