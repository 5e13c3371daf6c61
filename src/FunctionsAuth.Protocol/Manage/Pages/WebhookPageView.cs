using System.Globalization;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Manage.Server;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Webhooks;

namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>One webhook: its address, its secrets, and the result of each delivery.</summary>
public sealed class WebhookPageView : ManageView
{
    private const string AddSecret = "add_secret";
    private const string RemoveSecret = "remove_secret";
    private const string Test = "test";
    private const string Resend = "resend";

    public override string Route => WebhooksView.Name + "/{webhook}";

    public override string Scope => ManageScopes.WebhooksRead;

    public override async Task<ManageContent> ShowAsync(ManageVisit visit, CancellationToken cancellation)
    {
        var answer = await visit.CallAsync("get_webhook", cancellation);
        var webhook = (WebhookView)answer.Value!;
        var deliveries = await visit.GetAsync<ApiList<DeliveryView>>("list_webhook_deliveries", cancellation, visit.Asked());
        var mayWrite = visit.May(ManageScopes.WebhooksWrite);
        return ManageContent.Of(
            Phrase.Of($"Webhook: {webhook.Url.Host}"),
            new ManageFacts(
            [
                Forms.Fact(Phrase.Of($"Address"), ManageValue.Code(webhook.Url.AbsoluteUri)),
                Forms.Fact(Phrase.Of($"State"), ManageValue.Of(webhook.Disabled ? Phrase.Of($"Disabled") : Phrase.Of($"Enabled"))),
                Forms.Fact(Phrase.Of($"Events"), ManageValue.Code(string.Join(' ', webhook.EventTypes))),
            ]),
            mayWrite ? new ManageButtons([Forms.Button(Test, Phrase.Of($"Send a test event")), Forms.Button(AddSecret, Phrase.Of($"Add a secret")), visit.AskButton(Forms.Delete, Phrase.Of($"Delete"))]) : null,
            mayWrite ? visit.Asking(Forms.Delete, Phrase.Of($"Delete the webhook to {webhook.Url.AbsoluteUri}? Events that are not delivered yet are lost."), Phrase.Of($"Delete"), answer.Tag) : null,
            mayWrite ? Change(visit, webhook, answer.Tag) : null,
            new ManageRows([.. webhook.Secrets.Select(secret => new ManageRow(ManageValue.Code(secret.Id))
            {
                Facts = [Forms.Fact(Phrase.Of($"Created"), ManageValue.Of(secret.CreatedAt))],
                Buttons = mayWrite && webhook.Secrets.Count > 1 ? [Forms.Button(RemoveSecret, Phrase.Of($"Remove"), secret.Id, secret.Id)] : [],
            })], Phrase.Of($"Secrets")),
            new ManageRows([.. deliveries.Items.Select(delivery => RowOf(delivery, mayWrite && !webhook.Disabled))], Phrase.Of($"Deliveries of the last 7 days")) { Empty = Phrase.Of($"Nothing was sent."), Next = visit.Next(deliveries.Next) });
    }

    private static ManageForm Change(ManageVisit visit, WebhookView webhook, string? etag) => visit.Filled(new ManageForm(
        Forms.Save,
        Phrase.Of($"Save"),
        [.. WebhookFields.Of(webhook), new ManageField("disabled", Phrase.Of($"Disabled"), ManageFieldKind.Check) { Value = Forms.FlagOf(webhook.Disabled) }],
        Phrase.Of($"Change the webhook"))
    { Etag = etag, IsFolded = true });

    private static ManageRow RowOf(DeliveryView delivery, bool maySend) => new(ManageValue.Code(delivery.Type))
    {
        Tags = [delivery.State switch { WebhookDeliveryState.Delivered => Phrase.Of($"Delivered"), WebhookDeliveryState.Pending => Phrase.Of($"On its way"), _ => Phrase.Of($"Given up") }],
        Text = delivery.Outcome,
        IsWarning = delivery.State == WebhookDeliveryState.GivenUp,
        Facts = [Forms.Fact(Phrase.Of($"When"), ManageValue.Of(delivery.QueuedAt)), Forms.Fact(Phrase.Of($"Attempts"), delivery.Attempts.ToString(CultureInfo.InvariantCulture))],
        Buttons = maySend ? [Forms.Button(Resend, Phrase.Of($"Send again"), delivery.Id, delivery.Type)] : [],
    };

    public override async Task<ManageResult> SubmitAsync(ManageVisit visit, Parameters form, CancellationToken cancellation)
    {
        switch (form[PageFields.Action])
        {
            case Forms.Save:
                var changes = new JsonObject { ["url"] = form.Text("url"), ["description"] = form.Text("description"), ["event_types"] = form.Lines("event_types"), ["disabled"] = form.Flag("disabled") };
                await visit.CallAsync("patch_webhook", cancellation, changes, form[PageFields.Etag]);
                return new ManageResult(null, Phrase.Of($"The webhook is saved."));
            case Forms.Delete:
                await visit.CallAsync("delete_webhook", cancellation, etag: form[PageFields.Etag]);
                return new ManageResult(WebhooksView.Name);
            case AddSecret:
                var made = (NewWebhookView)(await visit.CallAsync("add_webhook_secret", cancellation)).Value!;
                return new ManageResult(null, Phrase.Of($"The webhook has one more secret. Events are signed with all of its secrets."), WebhookFields.SecretOf(made));
            case RemoveSecret:
                await visit.CallAsync("remove_webhook_secret", cancellation, values: [("secret", form[PageFields.Target])]);
                return new ManageResult(null, Phrase.Of($"The secret is ended."));
            case Test:
                await visit.CallAsync("test_webhook", cancellation);
                return new ManageResult(null, Phrase.Of($"A test event is on its way."));
            case Resend:
                await visit.CallAsync("resend_webhook_delivery", cancellation, values: [("delivery", form[PageFields.Target])]);
                return new ManageResult(null, Phrase.Of($"The event is on its way once more."));
            default:
                return new ManageResult(null);
        }
    }
}
