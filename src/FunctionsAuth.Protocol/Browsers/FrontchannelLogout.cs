using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.SessionEnd;

namespace FunctionsAuth.Protocol.Browsers;

/// <summary>The addresses that the browser loads so that clients end their own sessions in it: OpenID Connect Front-Channel Logout §2 and §3.</summary>
internal static class FrontchannelLogout
{
    /// <summary>The address of each client that has one, with <c>iss</c> and <c>sid</c> added to its query.</summary>
    public static IReadOnlyList<Uri> FramesOf(IEnumerable<LogoutRecipient> recipients, string issuer) =>
        [.. from recipient in recipients
            let address = recipient.Client.FrontchannelLogoutUri
            where address is not null
            select new Uri(Redirect.Append(
                address.AbsoluteUri, '?', [new(Parameter.Iss, issuer), new(Parameter.Sid, recipient.Session.ToString())]))];
}
