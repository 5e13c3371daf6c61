using System.Buffers.Text;
using System.Security.Cryptography;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Telemetry;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Register;

/// <summary>The client registration endpoint: RFC 7591 §3, OpenID Connect Registration §3.</summary>
public sealed class RegistrationEndpoint(
    RegistrationGate gate, RegistrantRules rules, RegisteredClients clients, ServerUrls urls, ServerOptions options, FeatureSet features) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(RegistrationEndpoint))
    {
        Describe = (metadata, server) =>
        {
            if (server.Options.Registration.IsOn)
                metadata["registration_endpoint"] = server.Urls.Of(Routes.Register);
        },
        Parts = [typeof(RegistrationGate), typeof(RegisteredClients)],
    };

    public override EndpointRules Rules { get; } = new(EndpointReader.Program, CorsPolicy.Anyone, HttpMethods.Post);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        if (!options.Registration.IsOn)
            return Results.NotFound();
        var access = await gate.FindAsync(http, cancellation);
        var metadata = await RegistrationRequest.ReadAsync(http.Request, cancellation);
        var asked = metadata.ToClient(NewId());
        var secret = IssuedSecret.For(features.KeptSecretOf(asked.TokenEndpointAuthMethod));
        var client = await rules.FitAsync(asked with { ClientSecrets = secret.Stored is { } stored ? [stored] : [] }, cancellation);

        var taken = await gate.TakeAsync(access, cancellation);
        var token = Handle.NewSecret();
        try
        {
            // This comes last: a request that makes the server fetch something must have used up a registration.
            await rules.CheckSectorAsync(client, cancellation);
            client = await clients.AddAsync(client, token, access is not null, cancellation);
        }
        catch (Exception e) when (e is TemporarilyUnavailableException || (e is OAuthException && access is not null))
        {
            await gate.GiveBackAsync(taken, CancellationToken.None);
            throw;
        }
        ServerMetrics.ClientRegistered();
        return JsonAnswer.Of(RegistrationAnswer.Of(client, token, secret.Shown, urls), StatusCodes.Status201Created);
    }

    private static string NewId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
}
