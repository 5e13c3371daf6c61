using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Endpoints.Terms;
using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Functions;

public sealed class TermsFunction(EndpointPipeline pipeline, TermsEndpoint endpoint)
{
    [Function("terms")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.Terms)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, endpoint);
}
