using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Endpoints.SignUp;
using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Functions;

public sealed class SignUpFunction(EndpointPipeline pipeline, SignUpEndpoint endpoint)
{
    [Function("signup")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.SignUp)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, endpoint);
}
