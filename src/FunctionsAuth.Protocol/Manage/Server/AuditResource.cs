using System.Globalization;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Scopes;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Manage.Server;

/// <summary>An event.</summary>
/// <param name="Subject">The user whom the event concerns.</param>
/// <param name="By">The manager: a subject, or <c>client</c> and its id.</param>
public sealed record EventView(string Id, DateTimeOffset At, AuditKind Kind, AuditActor Actor, string? By, string? Subject, string? ClientId, string? Detail, string? Network, string? Browser, string? Country)
{
    public static EventView Of(AuditEvent entry) =>
        new(entry.Id, entry.At, entry.Kind, entry.Actor, entry.By, entry.Subject, entry.ClientId, entry.Detail, entry.Network, entry.Browser, entry.Country);
}

/// <summary>The events, newest first.</summary>
public sealed class AuditResource(IAuditStore audit, ServerOptions options, TimeProvider clock) : ManageResource
{
    private static readonly TimeSpan Usual = TimeSpan.FromDays(1);
    private static readonly TimeSpan MostAtOnce = TimeSpan.FromDays(7);

    public override string Tag => "audit";

    public override IReadOnlyList<Operation> Operations =>
    [
        new("list_events", HttpMethods.Get, "events", ManageScopes.AuditRead, "Lists the events of the last 24 hours, or of the time that the query names, newest first.", ListAsync)
        {
            Result = typeof(ApiList<EventView>),
            Query =
            [
                new("from", "The earliest time, such as 2030-01-31T00:00:00Z."), new("to", "The latest time."), new("subject", "Only events of this user."),
                new("client_id", "Only events of this client."), new("kind", "Only events of this kind, such as sign_in_failed."), .. QueryParameter.OfList,
            ],
            Cost = 96,
        },
    ];

    private async Task<ApiAnswer> ListAsync(ApiCall call, CancellationToken cancellation)
    {
        var (now, most) = (clock.GetUtcNow(), call.List().Most);
        var oldest = now - options.Audit.KeepFor - Usual;
        var after = call.Query.TryGetValue("after", out var position) ? AuditEvent.TimeOf(position) ?? throw ApiProblem.Invalid("The value of after must be the next value of an earlier answer") : (DateTimeOffset?)null;
        var to = Within(after ?? MomentOf(call, "to") ?? now);
        var from = Within(MomentOf(call, "from") ?? (MomentOf(call, "to") is { } end ? Within(end) : now) - Usual);
        // By client or kind there is no index but that of people: the days before are another part of the list.
        var isSought = !call.Query.ContainsKey("subject") && (call.Query.ContainsKey("client_id") || call.Query.ContainsKey("kind"));
        var begin = isSought && to - from > MostAtOnce ? to - MostAtOnce : from;
        var query = new AuditQuery(begin, to, most + 1)
        {
            Subject = call.Query.GetValueOrDefault("subject"),
            ClientId = call.Query.GetValueOrDefault("client_id"),
            Kind = call.Query.TryGetValue("kind", out var kind) ? KindOf(kind) : null,
            After = position,
        };
        var found = await audit.FindAsync(query, cancellation);
        return ApiAnswer.Of(new ApiList<EventView>([.. found.Take(most).Select(EventView.Of)], found.Count > most ? found[most - 1].Id : begin > from ? AuditEvent.IdBehind(begin) : null));

        DateTimeOffset Within(DateTimeOffset moment) => moment < oldest ? oldest : moment > now ? now : moment;
    }

    private static AuditKind KindOf(string text) => Enum.GetValues<AuditKind>().Cast<AuditKind?>().FirstOrDefault(kind => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()!) == text)
        ?? throw ApiProblem.Invalid("The query is not valid", new ApiFault("kind", "is not a kind of event"));

    private static DateTimeOffset? MomentOf(ApiCall call, string name)
    {
        if (!call.Query.TryGetValue(name, out var text))
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment)
            ? moment
            : throw ApiProblem.Invalid("The query is not valid", new ApiFault(name, "must be a time such as 2030-01-31T00:00:00Z"));
    }
}
