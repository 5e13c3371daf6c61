using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Endpoints.Token;
using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Functions;

public sealed class TokenFunction(EndpointPipeline pipeline, TokenEndpoint endpoint)
{
    [Function("token")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.Token)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, endpoint);
}
