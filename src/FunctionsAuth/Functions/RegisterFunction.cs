using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Endpoints.Register;
using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Functions;

public sealed class RegisterFunction(EndpointPipeline pipeline, RegistrationEndpoint registration, ClientConfigurationEndpoint configuration)
{
    [Function("register")]
    public Task<IResult> Register([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.Register)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, registration);

    [Function("client_configuration")]
    public Task<IResult> Configure([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.ClientConfiguration)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, configuration);
}
