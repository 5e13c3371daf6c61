using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Endpoints.SecondFactor;
using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Functions;

public sealed class SecondFactorFunction(EndpointPipeline pipeline, SecondFactorEndpoint endpoint)
{
    [Function("second_factor")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.SecondFactor)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, endpoint);
}
