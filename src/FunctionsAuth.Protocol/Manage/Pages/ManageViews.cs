namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>The pages of the management: the one list to which a new page is added.</summary>
public static class ManageViews
{
    public static IReadOnlyList<Type> All { get; } =
    [
        typeof(OverviewView), typeof(PeopleView), typeof(NewPersonView), typeof(PersonView), typeof(GroupsView), typeof(GroupMembersView), typeof(ClientsView), typeof(NewClientView), typeof(ClientPageView),
        typeof(CatalogView), typeof(ScopePageView), typeof(ResourcePageView), typeof(KeysView), typeof(EventsView), typeof(WebhooksView), typeof(WebhookPageView), typeof(SettingsPageView), typeof(ApiPageView),
    ];
}
