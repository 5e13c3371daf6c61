using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Tickets;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.MailLinks;

/// <summary>Finds the place where a user signs in after the action of a link.</summary>
public sealed class WayBack(RequestParking parking, OwnPages own, ServerUrls urls)
{
    /// <returns>The request during which the user asked for the link, if this browser began it and it has not ended; else null.</returns>
    public async Task<(ParkedRequest Parked, AuthorizationRequest Request)?> FindRequestAsync(HttpContext http, Ticket ticket, CancellationToken cancellation)
    {
        if (ticket.Request is null)
            return null;
        try
        {
            var (parked, request, _) = await parking.FindAsync(http, ticket.Request, cancellation);
            return (parked, request);
        }
        catch (OAuthException)
        {
            return null;
        }
    }

    /// <returns>The login page of the request during which the user asked for the link, if this browser began it and it has not ended; else the login of the
    /// portal.</returns>
    public async Task<string> ToLoginAsync(HttpContext http, Ticket ticket, CancellationToken cancellation) =>
        await FindRequestAsync(http, ticket, cancellation) is (var parked, _) ? $"{urls.Of(Routes.Login)}?{PageAddress.Of(parked)}" : own.SignInToPortal();
}
