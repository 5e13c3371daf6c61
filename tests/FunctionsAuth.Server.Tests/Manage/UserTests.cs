using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Manage;

/// <summary>People, their groups and their access by the management API. Requirements ADM2 to ADM4.</summary>
public sealed class UserTests(ManageServer manage) : IClassFixture<ManageServer>
{
    private RunningServer Server => manage.Server;

    [Fact]
    public async Task A_person_is_made_found_changed_and_deleted()
    {
        var boss = await manage.AsBossAsync();
        var made = (await boss.PostAsync("users", new { username = "Carol", password = "Carol-Horse-7-Battery", claims = new { name = "Carol Example", email = "carol@example.com", email_verified = true }, groups = new[] { "staff" } })).ShouldBe(201);
        var subject = made.Text("subject")!;
        Assert.Equal($"{RunningServer.Issuer}/manage/api/v1/users/{subject}", made.Response.Headers.Location!.ToString());
        Assert.True((bool)made["has_password"]!);

        Assert.Equal([subject], (await boss.GetAsync("users?login_name=CAROL")).ShouldBe(200).Items.Select(user => user["subject"]!.ToString()));
        Assert.Contains(subject, (await boss.GetAsync("users?prefix=caro")).ShouldBe(200).Items.Select(user => user["subject"]!.ToString()));
        Assert.Empty((await boss.GetAsync("users?prefix=carolx")).ShouldBe(200).Items);

        var changed = (await boss.PatchAsync($"users/{subject}", new JsonObject { ["username"] = "caroline", ["claims"] = new JsonObject { ["name"] = null, ["nickname"] = "Caro" } }, made.Tag)).ShouldBe(200);
        Assert.Equal("caroline", changed.Text("username"));
        Assert.Equal("""{"email":"carol@example.com","email_verified":true,"nickname":"Caro"}""", changed["claims"]!.ToJsonString());
        Assert.NotEqual(made.Tag, changed.Tag);
        Assert.Empty((await boss.GetAsync("users?login_name=carol")).ShouldBe(200).Items);

        (await boss.DeleteAsync($"users/{subject}", made.Tag)).ShouldFail(412, "precondition_failed");
        (await boss.DeleteAsync($"users/{subject}", changed.Tag)).ShouldBe(204);
        (await boss.GetAsync($"users/{subject}")).ShouldFail(404, "not_found");
        (await boss.PutNewAsync($"users/{subject}", new { username = "again" })).ShouldFail(409, "deleted");
        Assert.Empty((await boss.GetAsync("users?prefix=caroline")).ShouldBe(200).Items);
    }

    [Fact]
    public async Task A_change_says_what_it_changes()
    {
        var boss = await manage.AsBossAsync();
        var shown = (await boss.GetAsync("users/alice-subject")).ShouldBe(200);
        (await boss.SendAsync("PATCH", "users/alice-subject", new { disabled = false })).ShouldFail(428, "precondition_required");
        (await boss.PatchAsync("users/alice-subject", new { disabled = false }, "*")).ShouldFail(400, "invalid_request");
        (await boss.PatchAsync("users/alice-subject", new { disabled = false }, "\"stale\"")).ShouldFail(412, "precondition_failed");
        (await boss.PatchAsync("users/alice-subject", new { disabled = false }, "W/" + shown.Tag)).ShouldFail(412, "precondition_failed");
        (await boss.PutNewAsync("users/alice-subject", new { username = "alice" })).ShouldFail(412, "precondition_failed");
        (await boss.SendAsync("DELETE", "users/alice-subject")).ShouldFail(428, "precondition_required");
        (await boss.SendAsync("PUT", "users/new-subject", new { username = "somebody" })).ShouldFail(428, "precondition_required");
        (await boss.PutAsync("users/new-subject", new { username = "somebody" }, shown.Tag)).ShouldFail(412, "precondition_failed");
        (await boss.PatchAsync("users/alice-subject", new { disabled = false }, $"\"other\", {shown.Tag}")).ShouldBe(200);
    }

    [Fact]
    public async Task What_is_wrong_with_a_body_is_said_all_at_once()
    {
        var boss = await manage.AsBossAsync();
        (await boss.PostAsync("users", new { username = "x y", pasword = "a", groups = new[] { "nobody", "staff" }, claims = new { email = 1 } })).ShouldFail(400, "invalid_request");
        (await boss.PostAsync("users", new { username = "fine", colour = "red" })).ShouldBlame("colour");
        (await boss.PostAsync("users", new { username = "fine", groups = new[] { "nobody" } })).ShouldBlame("groups[0]");
        (await boss.PostAsync("users", new { })).ShouldBlame("username");
        (await boss.PostAsync("users", "{")).ShouldFail(400, "invalid_request");
        (await boss.PostAsync("users", """{"username":"a","username":"b"}""")).ShouldFail(400, "invalid_request");
        (await boss.PostAsync("users")).ShouldFail(400, "invalid_request");
        (await boss.SendAsync("POST", "users", "{}", ("Content-Type", "text/plain"))).ShouldFail(415, "unsupported_media_type");
        (await boss.PostAsync("users", $$"""{"username":"{{new string('a', 1024 * 1024)}}"}""")).ShouldFail(413, "content_too_large");
        (await boss.GetAsync("users?limit=0")).ShouldFail(400, "invalid_request");
        (await boss.GetAsync("users?after=made-up")).ShouldBe(400);
        (await boss.GetAsync("users?colour=red")).ShouldBlame("colour");
        (await boss.PostAsync("users", new { username = "alice" })).ShouldFail(409, "name_taken");
        var shown = (await boss.GetAsync("users/helper-subject")).ShouldBe(200);
        (await boss.PatchAsync("users/helper-subject", new { username = "ALICE" }, shown.Tag)).ShouldFail(409, "name_taken");
        Assert.Equal("helper-subject", await Server.Get<IUserStore>().FindSubjectAsync("helper", default));
    }

    [Fact]
    public async Task A_repeated_request_with_its_key_gets_the_same_answer()
    {
        var boss = await manage.AsBossAsync();
        var first = (await boss.PostAsync("users", new { username = "dora" }, "key-1")).ShouldBe(201);
        var second = (await boss.PostAsync("users", new { username = "dora" }, "key-1")).ShouldBe(201);
        Assert.Equal((first.Text("subject"), first.Tag), (second.Text("subject"), second.Tag));
        (await boss.PostAsync("users", new { username = "other" }, "key-1")).ShouldFail(422, "idempotency_key_reused");
        (await boss.PostAsync("users", new { username = "dora" })).ShouldFail(409, "name_taken");
        // Each caller has keys of its own, and a refusal is no answer that is kept.
        (await (await manage.AsRobotAsync()).PostAsync("users", new { username = "dora" }, "key-1")).ShouldFail(409, "name_taken");
        var password = (await boss.PostAsync($"users/{first.Text("subject")}/reset_password", null, "key-2")).ShouldBe(200).Text("password");
        Assert.Equal(password, (await boss.PostAsync($"users/{first.Text("subject")}/reset_password", null, "key-2")).ShouldBe(200).Text("password"));
        Assert.DoesNotContain(await Server.RowsAsync("IdempotencyKeys"), row => row.Any(property => property.Value is string text && text.Contains(password!, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_account_is_disabled_enabled_and_signed_out_and_what_was_handed_out_is_dead()
    {
        var boss = await manage.AsBossAsync();
        var made = (await boss.PutNewAsync("users/erin-subject", new { username = "erin", password_hash = RunningServer.HashOfPassword })).ShouldBe(201);
        var web = new ClientApp(Server);
        var tokens = (await web.LoginAsync(browser: new Browser(Server), username: "erin")).ShouldBeOk();
        Assert.Single((await boss.GetAsync("users/erin-subject/sessions")).ShouldBe(200).Items);
        Server.Clock.Advance(TimeSpan.FromSeconds(1));
        (await boss.PostAsync("users/erin-subject/disable")).ShouldBe(200);
        await web.ShouldBeRevokedAsync(tokens);
        Assert.Empty((await boss.GetAsync("users/erin-subject/sessions")).ShouldBe(200).Items);
        Server.Clock.Advance(TimeSpan.FromSeconds(1));
        var enabled = (await boss.PostAsync("users/erin-subject/enable")).ShouldBe(200);
        Assert.False((bool)enabled["disabled"]!);
        Assert.NotEqual(made.Tag, enabled.Tag);
        await web.ShouldBeRevokedAsync(tokens);

        var browser = new Browser(Server);
        tokens = (await web.LoginAsync("openid offline_access", browser, "erin")).ShouldBeOk();
        Assert.Equal(["web"], (await boss.GetAsync("users/erin-subject/consents")).ShouldBe(200).Items.Select(consent => consent["client_id"]!.ToString()));
        (await boss.PostAsync("users/erin-subject/consents/web/revoke")).ShouldBe(204);
        (await web.RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
        (await boss.PostAsync("users/erin-subject/consents/web/revoke")).ShouldFail(404, "not_found");
        var session = (await boss.GetAsync("users/erin-subject/sessions")).ShouldBe(200).Items.Single()["id"]!.ToString();
        (await boss.PostAsync($"users/alice-subject/sessions/{session}/end")).ShouldFail(404, "not_found");
        (await boss.PostAsync($"users/erin-subject/sessions/{session}/end")).ShouldBe(204);
        Assert.Empty((await boss.GetAsync("users/erin-subject/sessions")).ShouldBe(200).Items);
        Assert.False((bool)(await boss.GetAsync("users/erin-subject/factors")).ShouldBe(200)["has_totp"]!);
    }

    [Fact]
    public async Task What_was_proven_of_an_address_does_not_hold_for_another_one()
    {
        var boss = await manage.AsBossAsync();
        var made = (await boss.PutNewAsync("users/hal-subject", new { username = "hal", claims = new { email = "hal@example.com", email_verified = true, phone_number = "123", phone_number_verified = true } })).ShouldBe(201);
        var changed = (await boss.PatchAsync("users/hal-subject", new { claims = new { email = "other@example.com", phone_number = "123" } }, made.Tag)).ShouldBe(200);
        Assert.Equal("""{"email":"other@example.com","phone_number":"123","phone_number_verified":true}""", changed["claims"]!.ToJsonString());
        changed = (await boss.PatchAsync("users/hal-subject", new { claims = new { email = "third@example.com", email_verified = true } }, changed.Tag)).ShouldBe(200);
        Assert.True((bool)changed["claims"]!["email_verified"]!);
    }

    [Fact]
    public async Task Groups_are_made_filled_emptied_and_deleted()
    {
        var boss = await manage.AsBossAsync();
        var made = (await boss.PutNewAsync("groups/sales", new { description = "Sales" })).ShouldBe(201);
        (await boss.PutNewAsync("groups/sales", new { })).ShouldFail(412, "precondition_failed");
        (await boss.PostAsync("groups/sales/members", new { username = "alice" })).ShouldBe(200);
        (await boss.PostAsync("groups/nothing/members", new { username = "alice" })).ShouldFail(404, "not_found");
        (await boss.PostAsync("groups/sales/members", new { username = "nobody" })).ShouldFail(404, "not_found");
        (await boss.PostAsync("groups/sales/members", new { })).ShouldFail(400, "invalid_request");
        Assert.Equal(["alice"], (await boss.GetAsync("groups/sales/members")).ShouldBe(200).Items.Select(user => user["username"]!.ToString()));
        Assert.Contains("sales", (await boss.GetAsync("users/alice-subject")).ShouldBe(200)["groups"]!.AsArray().Select(group => group!.ToString()));
        (await boss.DeleteAsync("groups/sales", made.Tag)).ShouldFail(409, "in_use");
        (await boss.PostAsync("groups/sales/members/alice-subject/remove")).ShouldBe(200);
        (await boss.DeleteAsync("groups/sales", made.Tag)).ShouldBe(204);
        (await boss.GetAsync("groups/sales")).ShouldFail(404, "not_found");
        var administrators = (await boss.GetAsync("groups/administrators")).ShouldBe(200);
        (await boss.DeleteAsync("groups/administrators", administrators.Tag)).ShouldFail(409, "in_use");
        // Names that are no plain text in a path.
        var slash = (await boss.PutNewAsync("groups/~dGVhbS9h", new { description = "team/a" })).ShouldBe(201);
        Assert.Equal(("team/a", "~dGVhbS9h"), (slash.Text("name"), slash.Text("key")));
        Assert.Contains("team/a", (await boss.GetAsync("groups?limit=200")).ShouldBe(200).Items.Select(group => group["name"]!.ToString()));
    }

    [Fact]
    public async Task Many_people_come_by_one_request_with_a_report_for_each_line()
    {
        var boss = await manage.AsBossAsync();
        var lines = $$"""
            { "username": "many1", "password_hash": "{{RunningServer.HashOfPassword}}", "groups": ["staff"] }
            { "username": "many2", "colour": "red" }
            no JSON

            { "username": "many3", "claims": { "name": "Third" } }
            { "username": "alice@example.com" }
            """;
        var report = (await boss.SendAsync("POST", "users/import", lines, ("Content-Type", "application/x-ndjson"))).ShouldBe(200);
        Assert.Equal(["created", "failed", "failed", "created", "failed"], report["lines"]!.AsArray().Select(line => line!["outcome"]!.ToString()));
        Assert.Equal([1, 2, 3, 5, 6], report["lines"]!.AsArray().Select(line => (int)line!["line"]!));
        Assert.Equal((2, 3), ((int)report["created"]!, (int)report["failed"]!));
        Assert.Null(report["next_line"]);
        var again = (await boss.SendAsync("POST", "users/import?from_line=1", lines, ("Content-Type", "application/x-ndjson"))).ShouldBe(200);
        Assert.Equal((0, 0, 2, 3), ((int)again["created"]!, (int)again["updated"]!, (int)again["unchanged"]!, (int)again["failed"]!));
        (await boss.SendAsync("POST", "users/import?from_line=0", lines, ("Content-Type", "application/x-ndjson"))).ShouldFail(400, "invalid_request");
    }

    [Fact]
    public async Task An_invitation_is_a_link_for_somebody_without_a_password()
    {
        var boss = await manage.AsBossAsync();
        (await boss.PutNewAsync("users/fay-subject", new { username = "fay", claims = new { email = "fay@example.com" } })).ShouldBe(201);
        var link = (await boss.PostAsync("users/fay-subject/invite")).ShouldBe(200).Text("link")!;
        Assert.StartsWith($"{RunningServer.Issuer}/link/invitation#", link, StringComparison.Ordinal);
        (await boss.PostAsync("users/fay-subject/invite", new { mail = true })).ShouldFail(409, "no_mail");
        (await boss.PostAsync("users/alice-subject/invite")).ShouldFail(409, "has_password");
    }

    [Fact]
    public async Task What_managers_do_is_in_the_audit_with_who_did_it()
    {
        var boss = await manage.AsBossAsync();
        (await boss.PutNewAsync("users/gus-subject", new { username = "gus" })).ShouldBe(201);
        Server.Clock.Advance(TimeSpan.FromSeconds(1));
        (await (await manage.AsRobotAsync()).PostAsync("users/gus-subject/disable")).ShouldBe(200);
        Server.Clock.Advance(TimeSpan.FromSeconds(1));
        var events = (await boss.GetAsync("events?subject=gus-subject")).ShouldBe(200).Items;
        Assert.Equal([("account_disabled", "operator", "client robot"), ("account_created", "operator", "boss-subject")],
            events.Select(one => (one["kind"]!.ToString(), one["actor"]!.ToString(), one["by"]!.ToString())));
        var first = (await boss.GetAsync("events?subject=gus-subject&limit=1")).ShouldBe(200);
        var second = (await boss.GetAsync($"events?subject=gus-subject&limit=1&after={first.Text("next")}")).ShouldBe(200);
        Assert.Equal("account_created", second.Items.Single()["kind"]!.ToString());
        Assert.Null(second["next"]);
        Assert.Equal(["account_disabled"], (await boss.GetAsync("events?kind=account_disabled&subject=gus-subject")).ShouldBe(200).Items.Select(one => one["kind"]!.ToString()));
        Assert.NotEmpty((await boss.GetAsync("events?limit=3")).ShouldBe(200).Text("next")!);
        (await boss.GetAsync("events?kind=nothing")).ShouldBlame("kind");
        (await boss.GetAsync("events?from=yesterday")).ShouldBlame("from");
        (await boss.GetAsync("events?after=x")).ShouldFail(400, "invalid_request");
    }
}
