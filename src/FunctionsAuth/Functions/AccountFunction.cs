using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Endpoints.Account;
using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Functions;

public sealed class AccountFunction(EndpointPipeline pipeline, AccountEndpoint account, ChangePasswordEndpoint changePassword, PasskeyEndpointsEndpoint passkeyEndpoints)
{
    [Function("account")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.Account)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, account);

    [Function("account_page")]
    public Task<IResult> RunPage([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.AccountPage)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, account);

    [Function("change_password")]
    public Task<IResult> RunChangePassword([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.ChangePassword)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, changePassword);

    [Function("passkey_endpoints")]
    public Task<IResult> RunPasskeyEndpoints([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.PasskeyEndpoints)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, passkeyEndpoints);
}
