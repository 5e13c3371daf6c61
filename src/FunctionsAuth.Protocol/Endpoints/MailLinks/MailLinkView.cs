using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Notices;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Tickets;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.MailLinks;

/// <summary>The request of a browser that opened a link.</summary>
public sealed record MailLinkVisit(HttpContext Http, string FormToken)
{
    /// <summary>The ticket from the form, which is not checked yet; null before a form was sent.</summary>
    public string? Ticket { get; init; }

    /// <summary>The text does not contain the ticket, so that no ticket gets into a log.</summary>
    public override string ToString() => nameof(MailLinkVisit);
}

/// <summary>The page for the links of one purpose: its content and the action of its button.</summary>
public abstract class MailLinkView(TicketPurpose purpose, IPages pages)
{
    protected static Phrase NotGood { get; } = Phrase.Of($"This link can't be used any more: it was used before, is too old, or is for something else. Ask for a new one.");

    public string Route => LinkMails.RouteOf(purpose);

    public IResult Show(MailLinkVisit visit) => pages.Show(PageOf(visit));

    public IResult ShowProblem(MailLinkVisit visit, Phrase problem) => ShowProblem(PageOf(visit), problem);

    protected IResult ShowProblem(MailLinkPage page, Phrase problem) => pages.Show(page with { Problem = problem, Status = StatusCodes.Status422UnprocessableEntity });

    /// <param name="form">The form. Its form token is valid.</param>
    public abstract Task<IResult> SubmitAsync(MailLinkVisit visit, Parameters form, CancellationToken cancellation);

    /// <summary>The page, which is the same for every ticket.</summary>
    protected abstract MailLinkPage PageOf(MailLinkVisit visit);

    protected IResult ShowDone(MailLinkVisit visit, Phrase done, string? continueTo = null, Phrase? continueText = null) =>
        pages.Show(PageOf(visit with { Ticket = null }) with { Done = done, ContinueTo = continueTo, ContinueText = continueText ?? Phrase.Of($"Sign in") });

    /// <summary>The ticket is not valid, so the user needs a new link.</summary>
    protected IResult ShowNotGood(MailLinkVisit visit, Phrase? problem = null) => ShowProblem(visit with { Ticket = null }, problem ?? NotGood);
}
