using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>The navigation, with the pages that the user may see.</summary>
internal static class ManagePlaces
{
    private static readonly (string Page, string Scope, Phrase Name)[] All =
    [
        ("", "", Phrase.Of($"Overview")),
        ("users", ManageScopes.UsersRead, Phrase.Of($"People")),
        ("groups", ManageScopes.GroupsRead, Phrase.Of($"Groups")),
        ("clients", ManageScopes.ClientsRead, Phrase.Of($"Apps")),
        ("scopes", ManageScopes.ScopesRead, Phrase.Of($"Scopes and APIs")),
        ("keys", ManageScopes.KeysRead, Phrase.Of($"Keys")),
        ("events", ManageScopes.AuditRead, Phrase.Of($"Activity")),
        ("webhooks", ManageScopes.WebhooksRead, Phrase.Of($"Webhooks")),
        ("settings", ManageScopes.SettingsRead, Phrase.Of($"Settings")),
        ("api", "", Phrase.Of($"API")),
    ];

    public static IReadOnlyList<ManagePlace> Of(Caller caller, string page)
    {
        var section = page.Split('/')[0];
        var open = section == "apis" ? "scopes" : section;
        return [.. All.Where(place => place.Scope.Length == 0 || caller.Has(place.Scope)).Select(place => new ManagePlace(place.Page, place.Name, place.Page == open))];
    }
}
