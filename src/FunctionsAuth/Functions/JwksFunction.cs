using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Endpoints.Metadata;
using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Functions;

public sealed class JwksFunction(EndpointPipeline pipeline, JwksEndpoint endpoint)
{
    [Function("jwks")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.Jwks)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, endpoint);
}
