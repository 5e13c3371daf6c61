using FunctionsAuth.Protocol.Clients;

namespace FunctionsAuth.Protocol.Rules;

/// <summary>Rules for the addresses at which a client is told of a logout: Back-Channel Logout §2.2, Front-Channel Logout §2.</summary>
internal static class ClientLogoutRules
{
    public static IEnumerable<ClientProblem> ProblemsOf(Client client)
    {
        if (client.BackchannelLogoutUri is { } back && !(ClientRules.IsClientUrl(back) && back.Fragment.Length == 0))
            yield return new("backchannel_logout_uri", "must be an absolute https URL without user and fragment");
        if (client is { BackchannelLogoutSessionRequired: true, BackchannelLogoutUri: null })
            yield return new("backchannel_logout_session_required", "must be left out without backchannel_logout_uri");
        if (client.FrontchannelLogoutUri is { } front && !(ClientRules.IsClientUrl(front) && front.Fragment.Length == 0))
            yield return new("frontchannel_logout_uri", "must be an absolute https URL without user and fragment");
        // Front-Channel Logout §2: without this rule, a client could make the browser load pages of other sites.
        else if (client.FrontchannelLogoutUri is { } page && !client.RedirectUris.Any(uri => WebOrigin.Of(uri) == WebOrigin.Of(page)))
            yield return new("frontchannel_logout_uri", "must have the scheme, host and port of one of the redirect_uris");
        if (client is { FrontchannelLogoutSessionRequired: true, FrontchannelLogoutUri: null })
            yield return new("frontchannel_logout_session_required", "must be left out without frontchannel_logout_uri");
    }
}
