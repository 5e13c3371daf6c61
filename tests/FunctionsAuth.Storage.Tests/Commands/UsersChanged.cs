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
        Assert.Contains("May sign in  yes", shown.Lines);
        Assert.Contains("Signed out   never", shown.Lines);

        Assert.Equal("User ada is disabled.", Assert.Single((await RunAsync("disable", "ada")).ShouldSucceed().Lines));
        Assert.Contains("May sign in  no, it is disabled", (await RunAsync("show", "ada")).ShouldSucceed().Lines);
        Assert.Equal("User ada is enabled.", Assert.Single((await RunAsync("enable", "ada")).ShouldSucceed().Lines));
        var enabled = (await RunAsync("show", "ada")).ShouldSucceed();
        Assert.Contains("May sign in  yes", enabled.Lines);
        // What was handed out before stays dead.
        Assert.DoesNotContain("Signed out   never", enabled.Lines);
    }

    [StorageFact]
    public async Task A_new_password_is_shown_once_and_signs_the_person_out()
    {
        (await LocalHostCommand.RunAsync(["user", .. place, "--", "bob"])).ShouldSucceed();
        var reset = (await RunAsync("reset-password", "bob")).ShouldSucceed();
        Assert.Matches("^User bob has a new password, which is shown this once: [A-Za-z2-9]{24}$", Assert.Single(reset.Lines));
        Assert.Contains("Signed out   everything of before ", (await RunAsync("show", "bob")).ShouldSucceed().Output, StringComparison.Ordinal);
    }

    [StorageFact]
    public async Task A_person_is_signed_out_everywhere()
    {
        (await LocalHostCommand.RunAsync(["user", .. place, "--", "eve"])).ShouldSucceed();
        Assert.Equal("User eve is signed out everywhere.", Assert.Single((await RunAsync("sign-out", "eve")).ShouldSucceed().Lines));
        Assert.DoesNotContain("Signed out   never", (await RunAsync("show", "eve")).ShouldSucceed().Lines);
    }

    [StorageFact]
    public async Task A_name_that_nobody_has_is_told() => (await RunAsync("disable", "nobody")).ShouldBeTold("There is no user nobody.");

    private Task<LocalHostCommand> RunAsync(string action, string name) => LocalHostCommand.RunAsync(["users", action, .. place, "--", name]);
}
