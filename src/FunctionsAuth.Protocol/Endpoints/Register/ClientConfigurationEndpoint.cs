using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Storage;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Register;

/// <summary>
/// The client configuration endpoint: RFC 7592 §2. A client reads, replaces or deletes its own registration. If another change was first, the change
/// is tried again on the new registration.
/// </summary>
public sealed class ClientConfigurationEndpoint(
    RegisteredClients clients, RegistrantRules rules, ServerUrls urls, ServerOptions options, FeatureSet features, TimeProvider clock) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(ClientConfigurationEndpoint));

    public override EndpointRules Rules { get; } = new(EndpointReader.Program, CorsPolicy.Anyone, HttpMethods.Get, HttpMethods.Put, HttpMethods.Delete);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        if (!options.Registration.IsOn)
            return Results.NotFound();
        var clientId = http.Request.Path.Value![(http.Request.Path.Value!.LastIndexOf('/') + 1)..];
        var token = RegistrationToken.Parse(RegistrationRequest.BearerOf(http.Request) ?? throw RegistrationError.NoToken("The registration access token"))
            ?? throw NotValid();
        Authorized? found = await clients.FindAsync(clientId, token, cancellation) ?? throw NotValid();
        var metadata = HttpMethods.IsPut(http.Request.Method) ? await RegistrationRequest.ReadAsync(http.Request, cancellation) : null;
        return await CompareAndSwap.RepeatAsync(async () =>
        {
            found ??= await clients.FindAsync(clientId, token, cancellation) ?? throw NotValid();
            var answer = await TryAsync(http.Request.Method, found, token, metadata, cancellation);
            found = null;
            return answer;
        });
    }

    /// <returns>Null when somebody else changed the client first.</returns>
    private Task<IResult?> TryAsync(string method, Authorized found, byte[] token, ClientMetadata? metadata, CancellationToken cancellation) => metadata is not null
        ? ReplaceAsync(found.Client, token, metadata, cancellation)
        : HttpMethods.IsDelete(method) ? DeleteAsync(found.Client, cancellation) : ReadAsync(found, token, cancellation);

    /// <summary>RFC 7592 §2.1. A secret of which only the hash is stored is not shown.</summary>
    private async Task<IResult?> ReadAsync(Authorized found, byte[] token, CancellationToken cancellation) =>
        !found.IsFirstUse || await clients.TryReplaceAsync(found.Client, cancellation)
            ? JsonAnswer.Of(RegistrationAnswer.Of(found.Client, token, found.Client.ClientSecrets.Select(secret => secret.Text).FirstOrDefault(), urls))
            : null;

    /// <summary>RFC 7592 §2.2: what the request leaves out is deleted.</summary>
    private async Task<IResult?> ReplaceAsync(Client client, byte[] token, ClientMetadata metadata, CancellationToken cancellation)
    {
        if (metadata.Text(Parameter.ClientId) != client.ClientId)
            throw RegistrationError.InvalidMetadata("client_id must be the client_id of this client");
        var former = client.ClientSecrets.FirstOrDefault();
        var presented = metadata.Has(RegistrationAnswer.ClientSecret) ? metadata.Text(RegistrationAnswer.ClientSecret) ?? "" : null;
        if (presented is not null && (former is null || !IssuedSecret.Matches(presented, former)))
            throw RegistrationError.InvalidMetadata("client_secret must be the secret of this client, or be left out");

        var asked = metadata.ToClient(client.ClientId);
        var secret = IssuedSecret.For(features.KeptSecretOf(asked.TokenEndpointAuthMethod), former, presented);
        var (registration, successor) = RegistrationToken.Rotate(client.Registration!, token);
        asked = await rules.AdmitAsync(asked with { ClientSecrets = secret.Stored is { } stored ? [stored] : [] }, cancellation);
        var replaced = asked with { Registration = registration with { LastUsedAt = clock.GetUtcNow() }, Version = client.Version };
        return await clients.TryReplaceAsync(replaced, cancellation) ? JsonAnswer.Of(RegistrationAnswer.Of(replaced, successor, secret.Shown, urls)) : null;
    }

    /// <summary>RFC 7592 §2.3. The client's tokens become useless, because every endpoint checks the client too.</summary>
    private async Task<IResult?> DeleteAsync(Client client, CancellationToken cancellation) =>
        await clients.TryDeleteAsync(client, cancellation) ? Results.NoContent() : null;

    /// <summary>The same answer for both cases, so that nobody can find out which clients exist.</summary>
    private static OAuthException NotValid() => RegistrationError.InvalidToken("The registration access token is wrong, or the client is unknown");
}
