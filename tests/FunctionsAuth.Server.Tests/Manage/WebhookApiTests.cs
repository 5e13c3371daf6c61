namespace FunctionsAuth.Server.Tests.Manage;

/// <summary>Webhooks and figures by the management API.</summary>
public sealed class WebhookApiTests(ManageServer manage) : IClassFixture<ManageServer>
{
    private const string Address = "https://receiver.example/hook";

    [Fact]
    public async Task A_webhook_is_made_changed_given_secrets_and_deleted()
    {
        var boss = await manage.AsBossAsync();
        var made = (await boss.PostAsync("webhooks", new { url = Address, event_types = new[] { "user.created" }, description = "The CRM" })).ShouldBe(201);
        var id = made["webhook"]!["id"]!.ToString();
        Assert.StartsWith("whsec_", made.Text("secret"), StringComparison.Ordinal);
        var shown = (await boss.GetAsync($"webhooks/{id}")).ShouldBe(200);
        Assert.DoesNotContain("whsec_", shown.Json!.ToJsonString(), StringComparison.Ordinal);
        (await boss.PatchAsync($"webhooks/{id}", new { disabled = true }, "\"other\"")).ShouldFail(412, "precondition_failed");
        var changed = (await boss.PatchAsync($"webhooks/{id}", new { disabled = true, event_types = new[] { "*" } }, shown.Tag)).ShouldBe(200);
        Assert.Equal((true, Address), ((bool)changed["disabled"]!, changed.Text("url")));

        var second = (await boss.PostAsync($"webhooks/{id}/secrets")).ShouldBe(201);
        Assert.Equal(2, second["webhook"]!["secrets"]!.AsArray().Count);
        var first = second["webhook"]!["secrets"]![0]!["id"]!.ToString();
        var rest = (await boss.PostAsync($"webhooks/{id}/secrets/{first}/remove")).ShouldBe(200);
        Assert.Single(rest["secrets"]!.AsArray());
        (await boss.PostAsync($"webhooks/{id}/secrets/{rest["secrets"]![0]!["id"]}/remove")).ShouldFail(400, "invalid_request");
        (await boss.DeleteAsync($"webhooks/{id}", rest.Tag)).ShouldBe(204);
        (await boss.GetAsync($"webhooks/{id}")).ShouldFail(404, "not_found");
    }

    [Fact]
    public async Task A_test_is_a_delivery_that_can_be_sent_again()
    {
        var boss = await manage.AsBossAsync();
        var id = (await boss.PostAsync("webhooks", new { url = Address, event_types = new[] { "user.created" } })).ShouldBe(201)["webhook"]!["id"]!.ToString();
        var sent = (await boss.PostAsync($"webhooks/{id}/test")).ShouldBe(200);
        Assert.Equal("test.ping", sent.Text("type"));
        manage.Server.Clock.Advance(TimeSpan.FromSeconds(1));
        var again = (await boss.PostAsync($"webhooks/{id}/deliveries/{sent.Text("id")}/resend")).ShouldBe(200);
        Assert.Equal(sent.Text("event_id"), again.Text("event_id"));
        var listed = (await boss.GetAsync($"webhooks/{id}/deliveries")).ShouldBe(200).Items.Select(delivery => delivery["id"]!.ToString());
        Assert.Equal([again.Text("id")!, sent.Text("id")!], listed);
        (await boss.PostAsync($"webhooks/{id}/deliveries/unknown/resend")).ShouldFail(404, "not_found");
        (await boss.PostAsync("webhooks/unknown/test")).ShouldFail(404, "not_found");
    }

    [Fact]
    public async Task What_a_webhook_must_be_is_said()
    {
        var boss = await manage.AsBossAsync();
        (await boss.PostAsync("webhooks", new { event_types = new[] { "*" } })).ShouldBlame("url");
        (await boss.PostAsync("webhooks", new { url = Address })).ShouldBlame("event_types");
        (await boss.PostAsync("webhooks", new { url = "http://receiver.example/", event_types = new[] { "*" } })).ShouldFail(400, "invalid_request");
        (await boss.PostAsync("webhooks", new { url = Address, event_types = new[] { "nothing" } })).ShouldFail(400, "invalid_request");
        (await boss.PostAsync("webhooks", new { url = Address, event_types = new[] { "*" }, colour = "red" })).ShouldBlame("colour");
    }

    [Fact]
    public async Task Figures_are_those_of_the_last_hours()
    {
        var boss = await manage.AsBossAsync();
        manage.Server.Clock.Advance(TimeSpan.FromMinutes(2));
        (await boss.GetAsync("settings")).ShouldBe(200);
        var hours = (await boss.GetAsync("statistics?hours=24")).ShouldBe(200).Items;
        Assert.True(hours.Sum(hour => (long?)hour["counts"]!["sign_ins"] ?? 0) >= 1);
        (await boss.GetAsync("statistics?hours=0")).ShouldBlame("hours");
    }
}
