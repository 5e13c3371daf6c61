using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Rules;

namespace FunctionsAuth.Protocol.Webhooks;

/// <summary>The rules for a webhook.</summary>
public static class WebhookRules
{
    private const int LongestUrl = 2_000;
    private const int LongestDescription = 200;

    /// <exception cref="OAuthException"><c>invalid_request</c>, with the first problem.</exception>
    public static void Check(Webhook webhook)
    {
        if (ProblemOf(webhook) is { } problem)
            throw OAuthError.InvalidRequest(problem);
    }

    private static string? ProblemOf(Webhook webhook)
    {
        if (!ClientRules.IsClientUrl(webhook.Url) || webhook.Url.Fragment.Length > 0 || webhook.Url.AbsoluteUri.Length > LongestUrl)
            return $"url must be an absolute https URL without a user or a fragment, and have at most {LongestUrl} characters";
        if (webhook.Description is { } text && (text.Length > LongestDescription || text.Any(char.IsControl)))
            return $"description must have at most {LongestDescription} characters, without ends of lines";
        if (webhook.EventTypes.Count == 0)
            return $"event_types must name at least one type, or have {Webhook.AllTypes}";
        if (webhook.EventTypes.FirstOrDefault(type => type != Webhook.AllTypes && !EventTypes.Names.Contains(type)) is { } unknown)
            return $"event_types has {new string([.. unknown.Where(c => !char.IsControl(c)).Take(50)])}, which is not a type of event";
        return webhook.EventTypes.Distinct().Count() == webhook.EventTypes.Count ? null : "event_types must name each type once";
    }
}
