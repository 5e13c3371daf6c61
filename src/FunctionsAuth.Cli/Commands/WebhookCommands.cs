using System.CommandLine;
using System.Text.Json.Nodes;
using FunctionsAuth.Cli.Api;
using FunctionsAuth.Cli.Terminal;

namespace FunctionsAuth.Cli.Commands;

/// <summary><c>webhooks</c>: webhooks, which send events to other systems.</summary>
internal static class WebhookCommands
{
    private static readonly Argument<string> Id = new("webhook") { Description = "The id from webhooks list" };
    private static readonly Argument<string> Url = new("url") { Description = "The https URL to which the server sends events" };
    private static readonly Argument<string> Secret = new("secret") { Description = "The id of the secret from webhooks show" };
    private static readonly Argument<string> Delivery = new("delivery") { Description = "The id from webhooks deliveries" };
    private static readonly Option<string[]> Event = new("--event") { Description = "A type of event. The default is all types", HelpName = "type" };
    private static readonly Option<string?> NewUrl = new("--url") { Description = "The https URL to which the server sends events", HelpName = "url" };
    private static readonly Option<string?> Description = new("--description") { Description = "A description of its purpose", HelpName = "text" };
    private static readonly Option<bool?> Disabled = new("--disabled") { Description = "Disable the webhook, so that it gets no events" };

    public static Command Create(CliHost host) => CommandRun.Group(
        "webhooks",
        "Webhooks, which send events to other systems",
        CommandRun.Command(host, "list", "List webhooks", ListAsync, ListOptions.All, ListOptions.Limit),
        CommandRun.Command(host, "show", "Show a webhook without its secrets", async run => run.Print(await (await run.ConnectAsync()).GetAsync(PathOf(run))), Id),
        CommandRun.Command(host, "create", "Create a webhook and show its secret once", CreateAsync, Url, Event, Description),
        CommandRun.Command(host, "edit", "Change a webhook", EditAsync, Id, NewUrl, Event, Description, Disabled),
        CommandRun.Command(host, "delete", "Delete a webhook. Events that are not delivered yet are lost", DeleteAsync, Id),
        CommandRun.Command(host, "add-secret", "Create one more secret. Deliveries are signed with every secret until you remove the old ones", AddSecretAsync, Id),
        CommandRun.Command(host, "remove-secret", "Remove a secret", RemoveSecretAsync, Id, Secret),
        CommandRun.Command(host, "test", "Send a test event", async run => run.Print(await (await run.ConnectAsync()).PostAsync(PathOf(run) + "/test"), "The test event is on its way."), Id),
        CommandRun.Command(host, "deliveries", "List the deliveries of the last 7 days, newest first", DeliveriesAsync, Id, ListOptions.All, ListOptions.Limit),
        CommandRun.Command(host, "resend", "Send an event again", ResendAsync, Id, Delivery));

    private static string PathOf(CommandRun run) => $"webhooks/{ResourceKey.Of(run.Get(Id))}";

    private static async Task ListAsync(CommandRun run) => await run.PrintListAsync(
        await run.ConnectAsync(),
        "webhooks",
        [],
        ("Webhook", webhook => webhook.Text("id")),
        ("URL", webhook => webhook.Text("url")),
        ("Events", webhook => Screen.TextOf(webhook["event_types"])),
        ("State", webhook => webhook.Is("disabled") ? "disabled" : ""));

    private static async Task CreateAsync(CommandRun run)
    {
        var body = new JsonObject { ["url"] = run.Get(Url), ["event_types"] = Members.ListOf(run.Get(Event) is { Length: > 0 } types ? types : ["*"]) };
        if (run.Get(Description) is { } text)
            body["description"] = text;
        ShowSecret(run, await (await run.ConnectAsync()).PostAsync("webhooks", body));
    }

    private static async Task EditAsync(CommandRun run)
    {
        var patch = new JsonObject();
        if (run.Get(NewUrl) is { } url)
            patch["url"] = url;
        if (run.Get(Event) is { Length: > 0 } types)
            patch["event_types"] = Members.ListOf(types);
        if (run.Get(Description) is { } text)
            patch["description"] = text;
        if (run.Get(Disabled) is { } disabled)
            patch["disabled"] = disabled;
        run.Print(await (await run.ConnectAsync()).PatchAsync(PathOf(run), Members.Needed(patch)));
    }

    private static async Task DeleteAsync(CommandRun run)
    {
        var api = await run.ConnectAsync();
        await run.ConfirmAsync($"Delete the webhook {run.Get(Id)}? Events that are not delivered yet are lost.");
        run.Print(await api.DeleteAsync(PathOf(run)), $"The webhook {run.Get(Id)} is deleted.");
    }

    private static async Task AddSecretAsync(CommandRun run) => ShowSecret(run, await (await run.ConnectAsync()).PostAsync(PathOf(run) + "/secrets"));

    private static async Task RemoveSecretAsync(CommandRun run)
    {
        var api = await run.ConnectAsync();
        await run.ConfirmAsync($"Remove the secret {run.Get(Secret)} of the webhook {run.Get(Id)}?");
        run.Print(await api.PostAsync($"{PathOf(run)}/secrets/{ResourceKey.Of(run.Get(Secret))}/remove"));
    }

    private static void ShowSecret(CommandRun run, ApiAnswer answer)
    {
        if (run.TryPrintJson(answer))
            return;
        run.Screen.Show(answer.Record["webhook"]!.AsObject());
        run.Screen.Show(new JsonObject { ["secret"] = answer.Record.Text("secret") });
        run.Screen.Note("Save the secret now: it is not shown again.");
    }

    private static async Task DeliveriesAsync(CommandRun run) => await run.PrintListAsync(
        await run.ConnectAsync(),
        PathOf(run) + "/deliveries",
        [],
        ("Delivery", delivery => delivery.Text("id")),
        ("Event", delivery => delivery.Text("type")),
        ("When", delivery => Screen.MomentOf(delivery["queued_at"])),
        ("State", delivery => delivery.Text("state")),
        ("Attempts", delivery => delivery.Text("attempts")),
        ("Outcome", delivery => delivery.Text("outcome")));

    private static async Task ResendAsync(CommandRun run) =>
        run.Print(await (await run.ConnectAsync()).PostAsync($"{PathOf(run)}/deliveries/{ResourceKey.Of(run.Get(Delivery))}/resend"), "The event is on its way again.");
}
