using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Endpoints.Metadata;
using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Functions;

public sealed class MetadataFunction(EndpointPipeline pipeline, MetadataEndpoint endpoint)
{
    [Function("openid_configuration")]
    public Task<IResult> OpenIdConfiguration([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.OpenIdConfiguration)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, endpoint);

    [Function("openid_configuration_path")]
    public Task<IResult> OpenIdConfigurationOfPath([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.OpenIdConfiguration + "/{*issuerPath}")] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, endpoint);

    [Function("openid_configuration_below")]
    public Task<IResult> OpenIdConfigurationBelowPath([HttpTrigger(AuthorizationLevel.Anonymous, Route = "{issuerPath}/" + Routes.OpenIdConfiguration)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, endpoint);

    [Function("server_metadata")]
    public Task<IResult> ServerMetadata([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.AuthorizationServerMetadata)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, endpoint);

    [Function("server_metadata_path")]
    public Task<IResult> ServerMetadataOfPath([HttpTrigger(AuthorizationLevel.Anonymous, Route = Routes.AuthorizationServerMetadata + "/{*issuerPath}")] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, endpoint);

    [Function("server_metadata_below")]
    public Task<IResult> ServerMetadataBelowPath([HttpTrigger(AuthorizationLevel.Anonymous, Route = "{issuerPath}/" + Routes.AuthorizationServerMetadata)] HttpRequest request) =>
        pipeline.RunAsync(request.HttpContext, endpoint);
}
