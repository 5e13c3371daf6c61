using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Endpoints.Consents;
using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Functions;

public sealed class ConsentFunction(EndpointPipeline pipeline, ConsentEndpoint endpoint)
{
    [Function("consent")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.Consent)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, endpoint);
}
