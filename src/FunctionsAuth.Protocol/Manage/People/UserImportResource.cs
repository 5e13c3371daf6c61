using System.Globalization;
using System.Text;
using System.Text.Json;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Import;
using FunctionsAuth.Protocol.Json;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Manage.People;

/// <summary>The result for one line.</summary>
/// <param name="Line">Counted from 1.</param>
/// <param name="Outcome"><c>created</c>, <c>updated</c>, <c>unchanged</c> or <c>failed</c>.</param>
/// <param name="Errors">The problems of the line.</param>
public sealed record ImportedLine(int Line, string Outcome, IReadOnlyList<ApiFault>? Errors);

/// <summary>The result of an import.</summary>
/// <param name="NextLine">The line with which the next request continues with the same body, as <c>from_line</c>; null when all lines were read.</param>
public sealed record UserImportReport(int Created, int Updated, int Unchanged, int Failed, int? NextLine, IReadOnlyList<ImportedLine> Lines);

/// <summary>
/// Imports many users with one request: one line of JSON for each, in the form of an import file. It stops after a time and says at which line to
/// continue. Users that are already up to date are not changed, so a file can be sent again.
/// </summary>
public sealed class UserImportResource(ManagedUsers managed, IUserStore users, TimeProvider clock) : ManageResource
{
    private const int MostLines = 10_000;

    // Front ends wait for at most 230 seconds. Each line has its own ten seconds for storage.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public override string Tag => "users";

    public override IReadOnlyList<Operation> Operations =>
    [
        new("import_users", HttpMethods.Post, "users/import", ManageScopes.UsersWrite, $"Creates and changes many users: one line of JSON for each, at most {MostLines}. The answer has a report for each line. If the time is over, it says at which line to continue.", ImportAsync)
        {
            Body = typeof(ImportedUser),
            BodyType = "application/x-ndjson",
            MostBytes = 16 * 1024 * 1024,
            Result = typeof(UserImportReport),
            Query = [new("from_line", "The first line that is read, counted from 1.")],
            Cost = 12,
        },
    ];

    private async Task<ApiAnswer> ImportAsync(ApiCall call, CancellationToken cancellation)
    {
        var first = 1;
        if (call.Query.TryGetValue("from_line", out var text) && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out first) && first >= 1))
            throw ApiProblem.Invalid("The query is not valid", new ApiFault("from_line", "must be the number of a line"));
        if (call.Body.Span.Count((byte)'\n') > MostLines)
            throw ApiProblem.Invalid($"The body can have at most {MostLines} lines");
        var lines = Encoding.UTF8.GetString(call.Body.Span).Split('\n');
        List<ImportedLine> report = [];
        int? next = null;
        var begun = clock.GetTimestamp();
        for (var line = first; line <= lines.Length && next is null; line++)
        {
            if (string.IsNullOrWhiteSpace(lines[line - 1]))
                continue;
            if (clock.GetElapsedTime(begun) > Patience)
                next = line;
            else
                report.Add(await ImportAsync(call.Caller, lines[line - 1], line, cancellation));
        }
        return ApiAnswer.Of(new UserImportReport(Count("created"), Count("updated"), Count("unchanged"), Count("failed"), next, report));

        int Count(string outcome) => report.Count(line => line.Outcome == outcome);
    }

    private async Task<ImportedLine> ImportAsync(Caller caller, string text, int line, CancellationToken cancellation)
    {
        TimeBudget.Begin(clock);
        try
        {
            var wanted = await managed.ReadAsync(StrictJson.Parse(Encoding.UTF8.GetBytes(text)), cancellation);
            return new ImportedLine(line, await WriteAsync(caller, wanted, cancellation), null);
        }
        catch (JsonException)
        {
            return Failed(new ApiFault("", "is not valid JSON"));
        }
        catch (ApiProblem e)
        {
            return Failed(e.Faults.Count > 0 ? [.. e.Faults] : [new ApiFault("", e.Message)]);
        }
        catch (OAuthException e)
        {
            return Failed(new ApiFault("", e.Description));
        }
        catch (TemporarilyUnavailableException)
        {
            return Failed(new ApiFault("", "could not be written, because storage did not answer: send the line again"));
        }

        ImportedLine Failed(params ApiFault[] faults) => new(line, "failed", faults);
    }

    private async Task<string> WriteAsync(Caller caller, ImportedUser wanted, CancellationToken cancellation)
    {
        var named = await users.FindSubjectAsync(wanted.Username, cancellation);
        if ((named ?? wanted.Subject) is not { } subject || await users.FindAsync(subject, cancellation) is not { DeletedAt: null } stored)
        {
            await managed.CreateAsync(caller, wanted, cancellation);
            return "created";
        }
        if (named is not null && LoginName.Normalize(stored.Username) != LoginName.Normalize(wanted.Username))
            throw ApiProblem.Conflict("name_taken", "The username is the email address of another user");
        var written = await managed.ReplaceAsync(caller, stored, wanted, cancellation);
        return written.Version == stored.Version ? "unchanged" : "updated";
    }
}
