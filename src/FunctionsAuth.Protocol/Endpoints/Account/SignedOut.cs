using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.SessionEnd;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Account;

/// <summary>The answer that signs this browser out. It has frames for clients that only the browser can tell.</summary>
public sealed class SignedOut(BrowserCookies cookies, ServerUrls urls, IPages pages)
{
    /// <param name="page">The page with those frames.</param>
    public IResult Show(HttpContext http, IEnumerable<LogoutRecipient> told, Func<IReadOnlyList<Uri>, PageModel> page)
    {
        cookies.DeleteSession(http);
        var frames = FrontchannelLogout.FramesOf(told, urls.Issuer);
        if (frames.Count > 0)
            SecurityHeaders.AllowFrames(http.Response, frames);
        return pages.Show(page(frames));
    }
}
