using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Endpoints.Revocation;
using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Functions;

public sealed class RevokeFunction(EndpointPipeline pipeline, RevocationEndpoint endpoint)
{
    [Function("revoke")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.Revoke)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, endpoint);
}
