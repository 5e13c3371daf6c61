using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Pages;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>Problems of the API, as sentences for the user who filled in a form.</summary>
internal static class ProblemText
{
    /// <returns>The problem; null for an exception that no input of the user caused.</returns>
    public static ApiProblem? ProblemOf(Exception refused) => refused switch
    {
        ApiProblem problem => problem,
        OAuthException { Status: StatusCodes.Status400BadRequest } e => ApiProblem.Invalid(e.Description),
        _ => null,
    };

    /// <param name="typed">The form that the user sent.</param>
    public static Phrase Of(ApiProblem problem, Parameters? typed) => problem.Code switch
    {
        "precondition_failed" when typed?[PageFields.Etag] is null => Phrase.Of($"That name is taken. Nothing was saved."),
        "precondition_failed" => Phrase.Of($"Somebody else changed this in the meantime, so nothing was saved. Look at what is stored now. If you save again, your text takes its place."),
        "not_found" => Phrase.Of($"There is no entry with that name. Nothing was saved."),
        "forbidden" => Phrase.Of($"Only administrators may do that: it decides who manages this service."),
        "name_taken" => Phrase.Of($"That username or email address belongs to another person, or did once."),
        "in_use" => Phrase.Of($"It is still in use. Take the people out first."),
        "last_administrator" => Phrase.Of($"That is the last administrator. Make somebody else an administrator first."),
        "has_password" => Phrase.Of($"An invitation is for a person who has no password yet and is not disabled."),
        "no_address" => Phrase.Of($"An invitation needs the email address of the person."),
        "too_many_secrets" => Phrase.Of($"The app has as many secrets as an app may have. End one first."),
        "last_secret" => Phrase.Of($"That is the only secret of the app. Make another one first, or disable the app."),
        "last_key" => Phrase.Of($"That is the only key of its kind. Make a new one first."),
        _ => Phrase.Of($"Nothing was saved. Look at what is marked below."),
    };

    /// <summary>The details of the API in English: problems that have no sentence above, and errors in the form.</summary>
    public static IReadOnlyList<string> FaultsOf(ApiProblem problem) => problem.Code == "invalid_request" || problem.Faults.Count > 0
        ? [.. problem.Faults.Count == 0 ? [problem.Message] : problem.Faults.Select(fault => $"{fault.Path} {fault.Detail}".Trim())]
        : [];
}
