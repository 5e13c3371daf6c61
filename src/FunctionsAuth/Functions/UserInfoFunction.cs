using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Endpoints.UserInfo;
using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Functions;

public sealed class UserInfoFunction(EndpointPipeline pipeline, UserInfoEndpoint endpoint)
{
    [Function("userinfo")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.UserInfo)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, endpoint);
}
