namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>All management pages. A new page is added to this list only.</summary>
public static class ManageViews
{
    public static IReadOnlyList<Type> All { get; } =
    [
        typeof(OverviewView), typeof(PeopleView), typeof(NewPersonView), typeof(PersonView), typeof(GroupsView), typeof(GroupMembersView), typeof(ClientsView), typeof(NewClientView), typeof(ClientPageView),
        typeof(CatalogView), typeof(ScopePageView), typeof(ResourcePageView), typeof(KeysView), typeof(EventsView), typeof(WebhooksView), typeof(WebhookPageView), typeof(SettingsPageView), typeof(ApiPageView),
    ];
}
