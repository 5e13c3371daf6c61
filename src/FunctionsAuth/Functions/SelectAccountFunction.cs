using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Endpoints.SelectAccount;
using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Functions;

public sealed class SelectAccountFunction(EndpointPipeline pipeline, SelectAccountEndpoint endpoint)
{
    [Function("select_account")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.SelectAccount)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, endpoint);
}
