using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Endpoints.Assets;
using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Functions;

public sealed class AssetFunction(EndpointPipeline pipeline, AssetEndpoint endpoint)
{
    [Function("asset")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.Asset)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, endpoint);
}
