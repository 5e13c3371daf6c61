using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Manage;
using FunctionsAuth.Protocol.Manage.Pages;
using FunctionsAuth.Protocol.Manage.Revocation;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Functions;

public sealed class ManageFunction(EndpointPipeline pipeline, ManageEndpoint api, ManagePagesEndpoint pages, GlobalRevocationEndpoint revocation)
{
    [Function("manage_api")]
    public Task<IResult> RunApi([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.ManageOperations)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, api);

    [Function("manage_pages")]
    public Task<IResult> RunPages([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.ManagePages)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, pages);

    [Function("global_token_revocation")]
    public Task<IResult> Revoke([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.GlobalTokenRevocation)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, revocation);
}
