using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Manage.People;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>The form for a new user, who gets an invitation or a password that the server generates.</summary>
public sealed class NewPersonView : ManageView
{
    public const string Name = PeopleView.Name + "/new";

    private const string Entry = "entry";

    public override string Route => Name;

    public override string Scope => ManageScopes.UsersWrite;

    public override Task<ManageContent> ShowAsync(ManageVisit visit, CancellationToken cancellation) => Task.FromResult(new ManageContent(
        Phrase.Of($"Create a person"),
        visit.Filled(new ManageForm(
            Forms.Create,
            Phrase.Of($"Create"),
            [
                new("username", Phrase.Of($"Username")) { IsRequired = true },
                new("name", Phrase.Of($"Name")),
                new("email", Phrase.Of($"Email"), ManageFieldKind.Email),
                new(Entry, Phrase.Of($"How the person gets in"), ManageFieldKind.Choice)
                {
                    Choices = [("password", Phrase.Of($"By a password that is shown once")), ("link", Phrase.Of($"By a link that is shown once")), ("mail", Phrase.Of($"By a link in a mail")), ("", Phrase.Of($"Not yet"))],
                    Value = "password",
                },
            ])
        { Cancel = PeopleView.Name })));

    public override async Task<ManageResult> SubmitAsync(ManageVisit visit, Parameters form, CancellationToken cancellation)
    {
        var claims = new JsonObject();
        foreach (var claim in (string[])["name", "email"])
        {
            if (form.Text(claim) is { } value)
                claims[claim] = value;
        }
        var body = new JsonObject { ["username"] = (form["username"] ?? "").Trim(), ["claims"] = claims };
        var made = (UserView)(await visit.CallAsync("create_user", cancellation, body)).Value!;
        return await LetInAsync(visit, made, form[Entry], cancellation) is { } entry
            ? entry with { Page = PeopleView.PageOf(made.Subject), Done = Phrase.Of($"{made.Username} is created.") }
            : new ManageResult(PeopleView.PageOf(made.Subject));
    }

    private static async Task<ManageResult?> LetInAsync(ManageVisit visit, UserView made, string? entry, CancellationToken cancellation)
    {
        try
        {
            return entry switch
            {
                "password" => await PersonActions.NewPasswordAsync(visit, ResourceKey.Of(made.Subject), cancellation),
                "link" or "mail" => await PersonActions.InviteAsync(visit, ResourceKey.Of(made.Subject), entry == "mail", cancellation),
                _ => null,
            };
        }
        catch (ApiProblem e)
        {
            // The user exists already. The page of the user shows what is missing.
            return new ManageResult(null, null, new ManageText(ProblemText.Of(e, null)) { IsWarning = true });
        }
    }
}
