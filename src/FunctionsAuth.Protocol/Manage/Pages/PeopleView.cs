using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Manage.People;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>The users, which can be searched by the beginning of their names.</summary>
public sealed class PeopleView : ManageView
{
    public const string Name = "users";

    public override string Route => Name;

    public override string Scope => ManageScopes.UsersRead;

    public override async Task<ManageContent> ShowAsync(ManageVisit visit, CancellationToken cancellation)
    {
        var list = await visit.GetAsync<ApiList<UserEntry>>("list_users", cancellation, visit.Asked("prefix"));
        return ManageContent.Of(
            Phrase.Of($"People"),
            visit.May(ManageScopes.UsersWrite) ? new ManageButtons([new ManageButton(Phrase.Of($"Create a person")) { Page = NewPersonView.Name, IsPrimary = true }]) : null,
            visit.Search(Name, new ManageField("prefix", Phrase.Of($"The beginning of the username or email address"))),
            new ManageRows([.. list.Items.Select(RowOf)]) { Empty = Phrase.Of($"No people were found."), Next = visit.Next(list.Next) });
    }

    public static ManageRow RowOf(UserEntry user) => new(ManageValue.Of(user.Username) with { Page = PageOf(user.Subject) })
    {
        Tags = user.Disabled ? [Phrase.Of($"Disabled")] : [],
        Facts = [.. new[] { Forms.Fact(Phrase.Of($"Name"), user.Name), Forms.Fact(Phrase.Of($"Email"), user.Email) }.Where(fact => fact.Value.Plain is not null)],
    };

    public static string PageOf(string subject) => $"{Name}/{ResourceKey.Of(subject)}";
}
