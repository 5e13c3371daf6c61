namespace FunctionsAuth.Storage.Tests.Commands;

/// <summary>The first user of a server, made by whoever deploys it.</summary>
[NeedsStorage]
public sealed class UserMade
{
    private readonly string[] place = ["--storage", NeedsStorageAttribute.ConnectionString ?? "", "--table-prefix", $"u{Guid.NewGuid():N}"[..12]];

    [StorageFact]
    public async Task Once_with_a_password_that_is_shown_once()
    {
        var made = (await RunAsync("Ada@Example.com")).ShouldSucceed();
        Assert.Matches("^User Ada@Example.com was created. The password is shown only once: [A-Za-z2-9]{24}$", Assert.Single(made.Lines));

        var again = (await RunAsync("ada@example.COM ")).ShouldSucceed();
        Assert.Equal("User ada@example.COM exists already. The password was not changed.", Assert.Single(again.Lines));
    }

    [StorageFact]
    public async Task By_one_of_several_at_once()
    {
        var runs = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => RunAsync("bob")));
        Assert.Single(runs, run => run.Output.Contains("was created", StringComparison.Ordinal));
    }

    [StorageFact]
    public async Task Not_with_a_name_that_nobody_could_type() =>
        (await RunAsync(" ")).ShouldBeTold("The username must be 1 to 256 characters, without white space around it.");

    private Task<LocalHostCommand> RunAsync(string name) => LocalHostCommand.RunAsync(["user", .. place, "--", name]);
}
