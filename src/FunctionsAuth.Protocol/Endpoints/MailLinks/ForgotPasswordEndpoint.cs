using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Mail;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Recovery;
using FunctionsAuth.Protocol.Storage;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.MailLinks;

/// <summary>Asks for a name and sends a link to set a new password. The answer is the same whether or not the name exists.</summary>
public sealed class ForgotPasswordEndpoint(PasswordResetRequest reset, MailLimit limit, Mails mails, BrowserCookies cookies, IPages pages) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(ForgotPasswordEndpoint)) { Parts = [typeof(PasswordResetRequest)] };

    private const string Purpose = "forgot_password";

    public override EndpointRules Rules { get; } = new(EndpointReader.Person, CorsPolicy.None, HttpMethods.Get, HttpMethods.Post);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        if (!mails.AreOn)
            throw OAuthError.NoPage();
        var isPost = HttpMethods.IsPost(http.Request.Method);
        var form = (isPost ? await Parameters.FromBodyAsync(http.Request) : Parameters.FromQuery(http.Request)).RefuseRepeated();
        var browser = cookies.EnsureBrowser(http);
        var request = RecordAddress.TryParse(form[PageFields.Request], out var address) ? address.ToString() : null;
        var page = new ForgotPasswordPage(FormToken.For(browser, Purpose)) { RequestId = request };
        // Another site made the browser send it.
        if (!isPost || !FormToken.IsValid(form[PageFields.FormToken], browser, Purpose))
            return pages.Show(page);
        limit.Take();
        await reset.SendAsync(form[PageFields.Username]?.Trim() ?? "", request, cancellation);
        return pages.Show(page with { IsSent = true });
    }
}
