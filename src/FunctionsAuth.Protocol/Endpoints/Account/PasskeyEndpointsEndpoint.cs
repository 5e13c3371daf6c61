using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Passkeys;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Account;

/// <summary>Where password managers look for the page of passkeys (W3C, A Well-Known URL for Relying Party Passkey Endpoints).</summary>
public sealed class PasskeyEndpointsEndpoint(OwnPages own, RelyingParty party) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(PasskeyEndpointsEndpoint));

    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);

    public override EndpointRules Rules { get; } = new(EndpointReader.Program, CorsPolicy.Anyone, HttpMethods.Get);

    public override Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        if (!party.HasPasskeys)
            throw OAuthError.NoPage();
        SecurityHeaders.Cacheable(http.Response, MaxAge);
        var page = own.Account(AccountRoutes.Passkeys);
        return Task.FromResult(JsonAnswer.Of(new JsonObject { ["enroll"] = page, ["manage"] = page }));
    }
}
