using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Claims;

namespace FunctionsAuth.Protocol.Endpoints.Account;

/// <summary>The values of claims as text for users. A value with several parts has one line for each part.</summary>
internal sealed class ClaimText(Language language)
{
    public string Of(string claim, JsonNode? value) => value switch
    {
        JsonObject parts when parts["formatted"] is { } formatted => Of(claim, formatted), // OpenID Connect Core §5.1.1
        JsonObject parts => string.Join('\n', parts.Select(part => $"{language.Of(ClaimLabels.Of(part.Key))}: {Of(part.Key, part.Value)}")),
        JsonArray values => string.Join(", ", values.Select(one => Of(claim, one))),
        _ => value?.GetValueKind() switch
        {
            JsonValueKind.True => language.Of(Phrase.Of($"Yes")),
            JsonValueKind.False => language.Of(Phrase.Of($"No")),
            JsonValueKind.Number when claim == "updated_at" && value.AsValue().TryGetValue(out long seconds) => DayOf(seconds),
            _ => value?.ToString() ?? "",
        },
    };

    private string DayOf(long seconds) => seconds >= 0 && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
        ? language.Day(DateTimeOffset.FromUnixTimeSeconds(seconds))
        : seconds.ToString(CultureInfo.InvariantCulture);
}
