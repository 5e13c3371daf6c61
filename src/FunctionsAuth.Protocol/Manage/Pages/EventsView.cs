using System.Text.Json;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Manage.People;
using FunctionsAuth.Protocol.Manage.Server;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>The events of the audit, with filters.</summary>
public sealed class EventsView : ManageView
{
    public const string Name = "events";

    private const string Person = "person";
    private const string Subject = "subject";
    private const string ClientId = "client_id";
    private const string Kind = "kind";
    private const string From = "from";
    private const string To = "to";

    private static readonly IReadOnlyList<(string Value, Phrase Name)> Kinds =
        [("", Phrase.Of($"All")), .. Enum.GetValues<AuditKind>().Select(NameOf).Order(StringComparer.Ordinal).Select(name => (name, Phrase.Named(name)))];

    public override string Route => Name;

    public override string Scope => ManageScopes.AuditRead;

    public override async Task<ManageContent> ShowAsync(ManageVisit visit, CancellationToken cancellation)
    {
        var subject = visit.Query[Subject] ?? await SubjectOfAsync(visit, cancellation);
        // An unknown username finds no events.
        var isNobody = visit.Query[Person] is not null && subject is null;
        var list = isNobody ? new ApiList<EventView>([], null) : await visit.GetAsync<ApiList<EventView>>("list_events", cancellation, [(Subject, subject), .. visit.Asked(ClientId, Kind, From, To)]);
        return ManageContent.Of(
            Phrase.Of($"Activity"),
            visit.Search(
                Name,
                new ManageField(Kind, Phrase.Of($"Kind"), ManageFieldKind.Choice) { Choices = Kinds },
                visit.Query[Subject] is null ? new ManageField(Person, Phrase.Of($"Username or email")) : new ManageField(Subject, Phrase.Of($"Subject")),
                new ManageField(ClientId, Phrase.Of($"Client id")),
                new ManageField(From, Phrase.Of($"From (UTC)"), ManageFieldKind.Moment),
                new ManageField(To, Phrase.Of($"To (UTC)"), ManageFieldKind.Moment)),
            new ManageRows([.. list.Items.Select(RowOf)]) { Empty = Phrase.Of($"Nothing happened."), Next = visit.Next(list.Next) });
    }

    private static async Task<string?> SubjectOfAsync(ManageVisit visit, CancellationToken cancellation) => visit.Query[Person] is { } name && visit.May(ManageScopes.UsersRead)
        ? (await visit.GetAsync<ApiList<UserEntry>>("list_users", cancellation, ("login_name", name.Trim()))).Items.FirstOrDefault()?.Subject
        : null;

    public static ManageRow RowOf(EventView entry) => new(ManageValue.Code(NameOf(entry.Kind)))
    {
        IsWarning = entry.Kind is AuditKind.SignInFailed or AuditKind.CodeReused or AuditKind.RefreshTokenReused or AuditKind.PasskeyCountedBack or AuditKind.ClientNotAuthenticated or AuditKind.DeliveryGivenUp,
        Text = entry.Detail,
        Facts =
        [
            Forms.Fact(Phrase.Of($"When"), ManageValue.Of(entry.At)),
            .. Some(Phrase.Of($"Person"), entry.Subject, entry.Subject is null ? null : PeopleView.PageOf(entry.Subject)),
            .. Some(Phrase.Of($"App"), entry.ClientId, entry.ClientId is null ? null : ClientsView.PageOf(entry.ClientId)),
            .. Some(Phrase.Of($"By"), entry.By),
            .. Some(Phrase.Of($"Browser"), entry.Browser),
            .. Some(Phrase.Of($"Network"), entry.Network),
            .. Some(Phrase.Of($"Country"), entry.Country),
        ],
    };

    private static IEnumerable<ManageFact> Some(Phrase name, string? value, string? page = null) => value is null ? [] : [Forms.Fact(name, ManageValue.Of(value) with { Page = page })];

    private static string NameOf(AuditKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());
}
