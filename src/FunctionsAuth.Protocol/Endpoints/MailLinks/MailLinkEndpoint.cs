using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Mail;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Recovery;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.MailLinks;

/// <summary>
/// The pages that links in mails open. The ticket is in the fragment of the link, and the form sends it. So opening the page changes nothing and reads
/// nothing from storage. Only the button does.
/// </summary>
public sealed class MailLinkEndpoint(IEnumerable<MailLinkView> views, Mails mails, BrowserCookies cookies) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(MailLinkEndpoint))
    {
        Parts = [typeof(WayBack), typeof(PasswordReset), typeof(EmailUndo), typeof(Invitations)],
        Views = [typeof(ResetLink), typeof(EmailLink), typeof(UndoLink), typeof(SignUpLink), typeof(InvitationLink)],
    };

    private const string Purpose = "link";

    private readonly Dictionary<string, MailLinkView> views = views.ToDictionary(view => view.Route);

    public override EndpointRules Rules { get; } = new(EndpointReader.Person, CorsPolicy.None, HttpMethods.Get, HttpMethods.Post);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        var route = Path.GetFileName(http.Request.Path.Value ?? "");
        // If the server sends no mail, an operator can still pass on the link of an invitation.
        if (!views.TryGetValue(route, out var view) || !(mails.AreOn || view is InvitationLink))
            throw OAuthError.NoPage();
        SecurityHeaders.AllowScript(http.Response);
        var browser = cookies.EnsureBrowser(http);
        var visit = new MailLinkVisit(http, FormToken.For(browser, Purpose, route));
        if (!HttpMethods.IsPost(http.Request.Method))
            return view.Show(visit);
        var form = (await Parameters.FromBodyAsync(http.Request)).RefuseRepeated();
        // If the token is wrong, another site made the browser send the form, or the browser accepts no cookies.
        return FormToken.IsValid(form[PageFields.FormToken], browser, Purpose, route)
            ? await view.SubmitAsync(visit with { Ticket = form[PageFields.Ticket] }, form, cancellation)
            : view.ShowProblem(visit, Phrase.Of($"Nothing was done. Allow cookies for this site, and open the link in the mail again."));
    }
}
