using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Manage.Server;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>The webhooks, by which other systems are told of events.</summary>
public sealed class WebhooksView : ManageView
{
    public const string Name = "webhooks";

    public override string Route => Name;

    public override string Scope => ManageScopes.WebhooksRead;

    public override async Task<ManageContent> ShowAsync(ManageVisit visit, CancellationToken cancellation)
    {
        var list = await visit.GetAsync<ApiList<WebhookView>>("list_webhooks", cancellation, visit.Asked());
        return ManageContent.Of(
            Phrase.Of($"Webhooks"),
            new ManageText(Phrase.Of($"This service sends events to the addresses of other systems.")),
            new ManageRows([.. list.Items.Select(RowOf)]) { Empty = Phrase.Of($"There is no webhook yet."), Next = visit.Next(list.Next) },
            visit.May(ManageScopes.WebhooksWrite) ? visit.Filled(new ManageForm(Forms.Create, Phrase.Of($"Create"), WebhookFields.Of(null), Phrase.Of($"Create a webhook")) { IsFolded = list.Items.Count > 0 }) : null);
    }

    private static ManageRow RowOf(WebhookView webhook) => new(ManageValue.Of(webhook.Url.AbsoluteUri) with { Page = PageOf(webhook.Id) })
    {
        Tags = webhook.Disabled ? [Phrase.Of($"Disabled")] : [],
        Facts =
        [
            .. webhook.Description is null ? [] : new[] { Forms.Fact(Phrase.Of($"Description"), webhook.Description) },
            Forms.Fact(Phrase.Of($"Events"), ManageValue.Code(string.Join(' ', webhook.EventTypes))),
        ],
    };

    public static string PageOf(string id) => $"{Name}/{ResourceKey.Of(id)}";

    public override async Task<ManageResult> SubmitAsync(ManageVisit visit, Parameters form, CancellationToken cancellation)
    {
        var made = (NewWebhookView)(await visit.CallAsync("create_webhook", cancellation, Forms.Body(("url", form.Text("url")), ("description", form.Text("description")), ("event_types", form.Lines("event_types"))))).Value!;
        return new ManageResult(PageOf(made.Webhook.Id), Phrase.Of($"The webhook is created."), WebhookFields.SecretOf(made));
    }
}

/// <summary>The fields of the forms of webhooks.</summary>
internal static class WebhookFields
{
    public static IReadOnlyList<ManageField> Of(WebhookView? webhook) =>
    [
        new("url", Phrase.Of($"Address")) { Value = webhook?.Url.OriginalString, IsRequired = true },
        new("description", Phrase.Of($"Description")) { Value = webhook?.Description },
        new("event_types", Phrase.Of($"Events"), ManageFieldKind.Lines) { Value = webhook is null ? "*" : string.Join('\n', webhook.EventTypes), IsRequired = true, Hint = Phrase.Of($"Names of events, one per line, such as sign_in.failed, or an asterisk for all.") },
    ];

    public static ManageSnippet SecretOf(NewWebhookView made) => new(made.Secret, Phrase.Of($"The secret, which is shown this once"), IsSecret: true);
}
