using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Tickets;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.MailLinks;

/// <summary>Where a person signs in who did what the link was for.</summary>
public sealed class WayBack(RequestParking parking, OwnPages own, ServerUrls urls)
{
    /// <returns>The login of the request in whose midst the person asked for the link, if this browser began it and it is not over; else that of the portal.</returns>
    public async Task<string> ToLoginAsync(HttpContext http, Ticket ticket, CancellationToken cancellation)
    {
        if (ticket.Request is null)
            return own.SignInToPortal();
        try
        {
            var (parked, _, _) = await parking.FindAsync(http, ticket.Request, cancellation);
            return $"{urls.Of(Routes.Login)}?{PageAddress.Of(parked)}";
        }
        catch (OAuthException)
        {
            return own.SignInToPortal();
        }
    }
}
