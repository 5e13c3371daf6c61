using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>The form for a new client. It asks first for the kind of the client, and then for the settings of this kind.</summary>
public sealed class NewClientView : ManageView
{
    public const string Name = ClientsView.Name + "/new";

    private const string Kind = "kind";

    public override string Route => Name;

    public override string Scope => ManageScopes.ClientsWrite;

    public override Task<ManageContent> ShowAsync(ManageVisit visit, CancellationToken cancellation)
    {
        var chosen = KindOf(visit.Typed?[PageFields.Target] ?? visit.Query[Kind]);
        return Task.FromResult(chosen is null ? Choice() : new ManageContent(
            Phrase.Of($"Register an app"),
            new ManageText(Phrase.Of($"{chosen.Title}: {chosen.Text}")),
            visit.Filled(new ManageForm(Forms.Create, Phrase.Of($"Create"), chosen.Fields) { Target = chosen.Name, Cancel = Name })));
    }

    private static ManageContent Choice() => new(
        Phrase.Of($"Register an app"),
        new ManageRows([.. ClientKind.All.Select(kind => new ManageRow(ManageValue.Of(kind.Title))
        {
            Facts = [new ManageFact(ManageValue.Of(kind.Text), new ManageValue { Plain = " " })],
            Buttons = [new ManageButton(Phrase.Of($"Choose")) { Page = $"{Name}?{Kind}={kind.Name}", Concerns = kind.Title.ToString() }],
        })], Phrase.Of($"What kind of app is it?")));

    private static ClientKind? KindOf(string? name) => ClientKind.All.FirstOrDefault(kind => kind.Name == name);

    public override async Task<ManageResult> SubmitAsync(ManageVisit visit, Parameters form, CancellationToken cancellation)
    {
        if (KindOf(form[PageFields.Target]) is not { } kind)
            return new ManageResult(null);
        var id = (form["client_id"] ?? "").Trim();
        var made = (JsonObject)(await visit.CallAsync("put_client", cancellation, kind.Read(form), isNew: true, values: [("client", ResourceKey.Of(id))])).Value!;
        return made["client_secret"] is { } secret
            ? new ManageResult(ClientsView.PageOf(id), Phrase.Of($"The app is registered."), new ManageSnippet(secret.ToString(), Phrase.Of($"The secret, which is shown this once"), IsSecret: true))
            : new ManageResult(ClientsView.PageOf(id), Phrase.Of($"The app is registered."));
    }
}
