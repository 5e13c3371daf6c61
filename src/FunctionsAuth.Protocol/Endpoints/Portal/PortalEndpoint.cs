using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Sessions;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Portal;

/// <summary>The apps that the user may use, each with the address at which to begin.</summary>
public sealed class PortalEndpoint(SessionReader sessions, SessionToucher toucher, PortalApps apps, OwnPages own, IPages pages) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(PortalEndpoint))
    {
        Parts = [typeof(PortalApps)],
    };

    public override EndpointRules Rules { get; } = new(EndpointReader.Person, CorsPolicy.None, HttpMethods.Get);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        var user = await sessions.FindUserAsync(http, cancellation);
        if (user is not { Session: { } session, User: { } known })
        {
            // The user cancelled the login for this page.
            return Parameters.FromQuery(http.Request)[Parameter.Error] is not null
                ? pages.Show(new AccountClosedPage(own.Portal, WasDeleted: false))
                : Redirect.To(http, own.SignInToPortal());
        }
        await toucher.TouchAsync(session, cancellation);
        return pages.Show(new PortalPage(known.Username, await apps.OfAsync(known, cancellation)));
    }
}
