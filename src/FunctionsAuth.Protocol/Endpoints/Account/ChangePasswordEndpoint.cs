using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Interaction;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Account;

/// <summary>Where password managers look for the page on which a password is changed (W3C, A Well-Known URL for Changing Passwords).</summary>
public sealed class ChangePasswordEndpoint(OwnPages own) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(ChangePasswordEndpoint));

    public override EndpointRules Rules { get; } = new(EndpointReader.Person, CorsPolicy.None, HttpMethods.Get);

    public override Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation) => Task.FromResult(Redirect.To(http, own.Account(PasswordView.Name)));
}
