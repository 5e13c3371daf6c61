using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FunctionsAuth.Cli.Api;

/// <summary>An answer of the API.</summary>
/// <param name="Tag">The entity tag of the record.</param>
internal sealed record ApiAnswer(HttpStatusCode Status, string Body, string? Tag)
{
    /// <summary>Null if the body is empty.</summary>
    /// <exception cref="CliFailure">It is no JSON.</exception>
    public JsonNode? Json
    {
        get
        {
            try
            {
                return Body.Length == 0 ? null : JsonNode.Parse(Body);
            }
            catch (JsonException)
            {
                throw CliFailure.Refused("The server did not return JSON. Is it a FunctionsAuth server of this version?");
            }
        }
    }

    /// <summary>The body as an object.</summary>
    public JsonObject Record => Json as JsonObject ?? throw CliFailure.Refused("The server did not return a JSON object. Is it a FunctionsAuth server of this version?");

    public static async Task<ApiAnswer> ReadAsync(HttpResponseMessage response, CancellationToken stopping) =>
        new(response.StatusCode, Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(stopping)), response.Headers.ETag?.ToString());

    /// <summary>The reason for which the server refused the request, as a failure of the command.</summary>
    public CliFailure AsFailure(HttpResponseMessage response)
    {
        JsonNode? problem = null;
        try
        {
            problem = Json;
        }
        catch (CliFailure)
        {
            // A page of a front end would not help.
        }
        if (problem is not JsonObject)
            problem = null;
        var sentence = problem.Text("detail") ?? problem.Text("error_description") ?? problem.Text("title") ?? $"The server answered with status {(int)Status}";
        var faults = (problem?["errors"] as JsonArray ?? []).Select(fault => $"  {fault.Text("path")} {fault.Text("detail")}".TrimEnd()).ToList();
        return Status switch
        {
            HttpStatusCode.Unauthorized when IsOfLevel(response) => CliFailure.NotSignedIn("To manage this server you need a second factor. Sign in again with functionsauth login and use a second factor."),
            HttpStatusCode.Unauthorized => CliFailure.NotSignedIn($"{sentence}: sign in again with functionsauth login."),
            HttpStatusCode.NotFound => new CliFailure(ExitCodes.Refused, $"{sentence}.") { IsMissing = true },
            HttpStatusCode.PreconditionFailed => CliFailure.Refused($"{sentence}."),
            HttpStatusCode.Forbidden when ScopeOf(response) is { } scope => CliFailure.Refused($"You may not do this: it requires the scope {scope}, which your sign-in does not have."),
            >= HttpStatusCode.InternalServerError => CliFailure.Unreachable($"The server cannot do this at the moment: {sentence}."),
            _ => CliFailure.Refused(faults.Count > 0 ? $"{sentence}:" : $"{sentence}.", faults),
        };
    }

    private static bool IsOfLevel(HttpResponseMessage response) => Challenge(response).Contains("insufficient_user_authentication", StringComparison.Ordinal);

    private static string? ScopeOf(HttpResponseMessage response)
    {
        const string Member = "scope=\"";
        var challenge = Challenge(response);
        var at = challenge.IndexOf(Member, StringComparison.Ordinal);
        return at < 0 ? null : challenge[(at + Member.Length)..].Split('"')[0];
    }

    private static string Challenge(HttpResponseMessage response) => string.Join(", ", response.Headers.WwwAuthenticate.Select(challenge => challenge.Parameter));
}
