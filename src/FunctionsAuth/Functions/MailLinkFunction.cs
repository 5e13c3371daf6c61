using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Endpoints.MailLinks;
using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Functions;

public sealed class MailLinkFunction(EndpointPipeline pipeline, ForgotPasswordEndpoint forgotPassword, MailLinkEndpoint link)
{
    [Function("forgot_password")]
    public Task<IResult> RunForgotPassword([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.ForgotPassword)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, forgotPassword);

    [Function("mail_link")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.MailLink)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, link);
}
