using FunctionsAuth.Protocol.Consents;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Storage.Tests.Commands;

/// <summary>What an operator looks up of an account and does to it. What follows for sessions and tokens, the tests of the server say.</summary>
[NeedsStorage]
public sealed class UsersChanged
{
    private readonly string[] place = ["--storage", NeedsStorageAttribute.ConnectionString ?? "", "--table-prefix", $"u{Guid.NewGuid():N}"[..12]];

    [StorageFact]
    public async Task An_account_is_shown_disabled_and_enabled()
    {
        (await LocalHostCommand.RunAsync(["user", .. place, "--", "ada"])).ShouldSucceed();
        var shown = (await RunAsync("show", "ADA")).ShouldSucceed();
        Assert.Contains("Username     ada", shown.Lines);
        Assert.Contains("Can sign in  yes", shown.Lines);
        Assert.Contains("Signed out   never", shown.Lines);

        Assert.Equal("User ada is disabled.", Assert.Single((await RunAsync("disable", "ada")).ShouldSucceed().Lines));
        Assert.Contains("Can sign in  no, it is disabled", (await RunAsync("show", "ada")).ShouldSucceed().Lines);
        Assert.Equal("User ada is enabled.", Assert.Single((await RunAsync("enable", "ada")).ShouldSucceed().Lines));
        var enabled = (await RunAsync("show", "ada")).ShouldSucceed();
        Assert.Contains("Can sign in  yes", enabled.Lines);
        // What was handed out before stays dead.
        Assert.DoesNotContain("Signed out   never", enabled.Lines);
    }

    [StorageFact]
    public async Task A_new_password_is_shown_once_and_signs_the_person_out()
    {
        (await LocalHostCommand.RunAsync(["user", .. place, "--", "bob"])).ShouldSucceed();
        var reset = (await RunAsync("reset-password", "bob")).ShouldSucceed();
        Assert.Matches("^User bob has a new password, which is shown only once: [A-Za-z2-9]{24}$", Assert.Single(reset.Lines));
        Assert.Contains("Signed out   everything before ", (await RunAsync("show", "bob")).ShouldSucceed().Output, StringComparison.Ordinal);
    }

    [StorageFact]
    public async Task Who_has_no_second_factor_has_none_to_lose()
    {
        (await LocalHostCommand.RunAsync(["user", .. place, "--", "gus"])).ShouldSucceed();
        Assert.Equal("User gus had no second factor.", Assert.Single((await RunAsync("reset-factors", "gus")).ShouldSucceed().Lines));
        (await RunAsync("reset-factors", "nobody")).ShouldBeTold("There is no user nobody.");
    }

    [StorageFact]
    public async Task A_person_is_signed_out_everywhere()
    {
        (await LocalHostCommand.RunAsync(["user", .. place, "--", "eve"])).ShouldSucceed();
        Assert.Equal("User eve is signed out everywhere.", Assert.Single((await RunAsync("sign-out", "eve")).ShouldSucceed().Lines));
        Assert.DoesNotContain("Signed out   never", (await RunAsync("show", "eve")).ShouldSucceed().Lines);
    }

    [StorageFact]
    public async Task Who_gave_no_client_access_has_none_to_take_back()
    {
        (await LocalHostCommand.RunAsync(["user", .. place, "--", "dan"])).ShouldSucceed();
        Assert.Equal("User dan has not given access to any client.", Assert.Single((await RunAsync("apps", "dan")).ShouldSucceed().Lines));
        (await RunAsync("revoke", "dan", "web")).ShouldBeTold("Client web has no access to user dan.");
    }

    [StorageFact]
    public async Task A_clients_access_is_listed_until_it_is_taken_back()
    {
        (await LocalHostCommand.RunAsync(["user", .. place, "--", "fay"])).ShouldSucceed();
        var subject = Assert.Single((await RunAsync("show", "fay")).ShouldSucceed().Lines, line => line.StartsWith("Subject", StringComparison.Ordinal)).Split(' ')[^1];
        string[] clients = ["web", $"https://app.example/{new string('a', 600)}"];
        await using (var app = ServerOnTables.Open(place[1], place[3]))
        {
            foreach (var client in clients)
                await app.Services.GetRequiredService<ConsentKeeper>().AllowAsync(null, subject, client, new ConsentWish(["openid", "api.read"], [], []), ConsentWish.Nothing, default);
        }

        var listed = (await RunAsync("apps", "fay")).ShouldSucceed().Lines;
        // An id that is too long for a key is shown whole.
        Assert.Equal(clients.Order(StringComparer.Ordinal), listed.Select(line => line.Split(' ')[0]));
        Assert.All(listed, line => Assert.EndsWith("  openid api.read", line, StringComparison.Ordinal));

        foreach (var client in clients)
            Assert.Equal($"Client {client} has no access to user fay any more.", Assert.Single((await RunAsync("revoke", "fay", client)).ShouldSucceed().Lines));
        Assert.Equal("User fay has not given access to any client.", Assert.Single((await RunAsync("apps", "fay")).ShouldSucceed().Lines));
        (await RunAsync("revoke", "fay", "web")).ShouldBeTold("Client web has no access to user fay.");
    }

    [StorageFact]
    public async Task Accounts_are_listed_by_the_beginning_of_their_names()
    {
        foreach (var name in new[] { "gil", "Gina", "hal" })
            (await LocalHostCommand.RunAsync(["user", .. place, "--", name])).ShouldSucceed();
        (await RunAsync("disable", "gil")).ShouldSucceed();
        var listed = (await LocalHostCommand.RunAsync(["users", "list", .. place, "--prefix", "G"])).ShouldSucceed().Lines;
        Assert.Equal(["gil", "Gina"], listed.Select(line => line.Split(' ')[0]));
        Assert.EndsWith("  disabled", listed[0], StringComparison.Ordinal);
        var one = await LocalHostCommand.RunAsync(["users", "list", .. place, "--most", "1"]);
        Assert.Equal((1, "2 more accounts are not shown. Narrow the list with --prefix or raise --most."), (one.Lines.Count, one.Error.TrimEnd()));
    }

    [StorageFact]
    public async Task A_person_is_put_into_groups_and_taken_out_of_them()
    {
        (await LocalHostCommand.RunAsync(["user", .. place, "--", "ivy"])).ShouldSucceed();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """{ "groups": [{ "name": "writers", "description": "Who may write" }, { "name": "readers" }] }""");
        (await LocalHostCommand.RunAsync(["import", file, .. place])).ShouldSucceed();
        File.Delete(file);

        Assert.Equal("User ivy is in readers, writers.", Assert.Single((await GroupsAsync("--add", "writers", "--add", "readers")).ShouldSucceed().Lines));
        Assert.Contains("Groups       readers writers", (await RunAsync("show", "ivy")).ShouldSucceed().Lines);
        Assert.Equal(["readers  1 members", "writers  1 members  Who may write"], (await LocalHostCommand.RunAsync(["groups", "list", .. place])).ShouldSucceed().Lines);
        Assert.StartsWith("ivy  ", Assert.Single((await LocalHostCommand.RunAsync(["groups", "members", .. place, "--", "writers"])).ShouldSucceed().Lines), StringComparison.Ordinal);
        Assert.Equal("User ivy is in readers.", Assert.Single((await GroupsAsync("--remove", "writers")).ShouldSucceed().Lines));
        (await GroupsAsync("--add", "typo")).ShouldBeTold("There is no group typo");
        (await LocalHostCommand.RunAsync(["groups", "members", .. place, "--", "typo"])).ShouldBeTold("There is no group typo.");

        Task<LocalHostCommand> GroupsAsync(params string[] options) => LocalHostCommand.RunAsync(["users", "groups", .. place, .. options, "--", "ivy"]);
    }

    [StorageFact]
    public async Task A_deleted_account_is_dead_at_once()
    {
        (await LocalHostCommand.RunAsync(["user", .. place, "--", "jim"])).ShouldSucceed();
        Assert.StartsWith("User jim is deleted.", Assert.Single((await RunAsync("delete", "jim")).ShouldSucceed().Lines), StringComparison.Ordinal);
        Assert.DoesNotContain((await LocalHostCommand.RunAsync(["users", "list", .. place])).ShouldSucceed().Lines, line => line.StartsWith("jim", StringComparison.Ordinal));
        Assert.Contains("Can sign in  no, it was deleted", (await RunAsync("show", "jim")).ShouldSucceed().Lines);
    }

    [StorageFact]
    public async Task A_name_that_nobody_has_is_told() => (await RunAsync("disable", "nobody")).ShouldBeTold("There is no user nobody.");

    private Task<LocalHostCommand> RunAsync(string action, params string[] operands) => LocalHostCommand.RunAsync(["users", action, .. place, "--", .. operands]);
}
