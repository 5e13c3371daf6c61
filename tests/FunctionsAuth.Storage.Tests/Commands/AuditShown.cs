using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Storage.Tests.Commands;

/// <summary>How an operator finds out what happened, and why something failed.</summary>
[NeedsStorage]
public sealed class AuditShown
{
    private readonly string[] place = ["--storage", NeedsStorageAttribute.ConnectionString ?? "", "--table-prefix", $"a{Guid.NewGuid():N}"[..12]];

    [StorageFact]
    public async Task A_failed_login_says_whose_and_why()
    {
        (await LocalHostCommand.RunAsync(["user", .. place, "--", "ada"])).ShouldSucceed();
        await using var app = Open();
        var (logins, users) = (app.Services.GetRequiredService<PasswordLogin>(), app.Services.GetRequiredService<IUserStore>());
        var subject = await users.FindSubjectAsync("ada", default);
        foreach (var name in new[] { "ada", "nobody" })
            Assert.Null((await logins.AuthenticateAsync(name, "a wrong password", new LoginCaller(null, null) { ClientId = "web" }, default)).SignedIn);

        var shown = (await RunAsync()).ShouldSucceed();
        Assert.Contains(shown.Lines, line => line.Contains($"sign-in-failed             {subject} | client web | the password is wrong", StringComparison.Ordinal));
        Assert.Contains(shown.Lines, line => line.Contains("sign-in-failed             (no user has this name) | client web", StringComparison.Ordinal));
        Assert.DoesNotContain("a wrong password", shown.Output, StringComparison.Ordinal);

        Assert.Contains("the password is wrong", Assert.Single((await RunAsync("--user", "ADA")).ShouldSucceed().Lines), StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync("--client", "web", "--event", "sign-in-failed", "--since", "5m")).ShouldSucceed().Lines.Count);
        var json = JsonNode.Parse(Assert.Single((await RunAsync("--user", "ada", "--json")).ShouldSucceed().Lines))!;
        Assert.Equal(("sign-in-failed", "web", subject), ((string?)json["kind"], (string?)json["client_id"], (string?)json["subject"]));
        Assert.Equal("No events were found. Use --since to look further back.", (await RunAsync("--client", "other")).Error.TrimEnd());
    }

    [StorageFact]
    public async Task What_an_operator_does_is_written_down()
    {
        (await LocalHostCommand.RunAsync(["user", .. place, "--", "bob"])).ShouldSucceed();
        (await LocalHostCommand.RunAsync(["users", "disable", .. place, "--", "bob"])).ShouldSucceed();
        Assert.Contains("account-disabled", Assert.Single((await RunAsync("--user", "bob")).ShouldSucceed().Lines), StringComparison.Ordinal);
        Assert.Contains("by operator", (await RunAsync("--event", "account-disabled")).ShouldSucceed().Output, StringComparison.Ordinal);
    }

    [StorageFact]
    public async Task Of_many_events_the_newest_are_shown_in_their_order()
    {
        await using var app = Open();
        var (store, now) = (app.Services.GetRequiredService<IAuditStore>(), DateTimeOffset.UtcNow);
        await Task.WhenAll(Enumerable.Range(0, 150).Select(i => store.WriteAsync(new AuditEvent
        {
            Kind = AuditKind.SessionEnded,
            At = now - TimeSpan.FromMinutes(i),
            Actor = AuditActor.Person,
            Subject = "somebody",
            Detail = $"number {i}",
        })));
        var shown = (await RunAsync("--since", "1d", "--most", "20")).ShouldSucceed();
        Assert.Equal(Enumerable.Range(0, 20).Reverse().Select(i => $"number {i}"), shown.Lines.Select(line => line.Split(" | ")[1]));
        Assert.Equal(60, (await RunAsync("--since", "60m", "--most", "1000")).ShouldSucceed().Lines.Count, 1d);
    }

    [StorageFact]
    public async Task A_mistake_is_told()
    {
        (await RunAsync("--since", "soon")).ShouldBeTold("--since must be a number of minutes, hours or days");
        (await RunAsync("--since", "9999d")).ShouldBeTold("--since must be a number of minutes, hours or days");
        (await RunAsync("--event", "login")).ShouldBeTold("--event must be one of sign-in, sign-in-failed, account-created");
        (await RunAsync("--most", "0")).ShouldBeTold("--most must be from 1 to 10000; it is 0.");
        (await RunAsync("--user", "nobody")).ShouldBeTold("There is no user nobody.");
    }

    private WebApplication Open() => ServerOnTables.Open(place[1], place[3]);

    private Task<LocalHostCommand> RunAsync(params string[] options) => LocalHostCommand.RunAsync(["audit", .. place, .. options]);
}
