using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Dpop;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Pages;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Http;

/// <summary>Writes all errors: as a redirect to the client, as JSON, or as a page.</summary>
public sealed class ErrorWriter(IPages pages, AuthorizationResponder responder)
{
    public async ValueTask<IResult> WriteAsync(HttpContext http, EndpointReader reader, OAuthException error, string? correlationId)
    {
        if (error.ReturnTo is { } target)
            return await ReturnAsync(http, target, error, correlationId);
        if (error.Challenge is not null)
            http.Response.Headers.WWWAuthenticate = error.Challenge;
        if (error.DpopNonce is { } nonce)
            http.Response.Headers[DpopProofs.NonceHeader] = nonce;
        if (error.RetryAfter is { } wait)
            http.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return reader switch
        {
            EndpointReader.Person => Page(error, correlationId, null),
            EndpointReader.Api => ProblemDetails.Of(error),
            _ => Json(error),
        };
    }

    /// <summary>
    /// Returns the error to the client, at once or when the user presses a button. If the error cannot be signed (JARM), the user gets a page and can try
    /// again.
    /// </summary>
    private async ValueTask<IResult> ReturnAsync(HttpContext http, RedirectTarget target, OAuthException error, string? correlationId)
    {
        try
        {
            var address = error.Address ?? await responder.AddressOfAsync(target, error, http.RequestAborted);
            return target.AskFor is null ? responder.Write(http, address) : Page(error, correlationId, address);
        }
        catch (TemporarilyUnavailableException e)
        {
            return await WriteAsync(http, EndpointReader.Person, OAuthError.Busy(e.RetryAfter), correlationId);
        }
        catch (OAuthException limit) when (limit.ReturnTo is null)
        {
            return await WriteAsync(http, EndpointReader.Person, limit, correlationId);
        }
    }

    /// <summary>RFC 6749 §5.2.</summary>
    private static IResult Json(OAuthException error) => JsonAnswer.Of(
        new JsonObject { [Parameter.Error] = error.Error, [Parameter.ErrorDescription] = error.Description },
        error.Status);

    private IResult Page(OAuthException error, string? correlationId, ReturnAddress? returnTo) => pages.Show(new ErrorPage(error.Status, error.Error, error.Description)
    {
        ForPerson = error.ForPerson ?? error.Status switch
        {
            StatusCodes.Status503ServiceUnavailable => Phrase.Of($"We are busy right now. Wait a moment, then reload this page."),
            StatusCodes.Status429TooManyRequests => Phrase.Of($"There were too many requests from your browser or network. Wait a minute, then reload this page."),
            >= 500 => Phrase.Of($"Something went wrong on our side. Go back to the app and try again."),
            _ => Phrase.Of($"The app sent a request that we can't answer. Go back to it and try again, or tell its developer."),
        },
        CorrelationId = correlationId,
        ReturnTo = returnTo,
        Client = error.Client ?? error.ReturnTo?.AskFor,
    });
}
