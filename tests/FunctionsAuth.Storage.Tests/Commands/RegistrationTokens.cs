namespace FunctionsAuth.Storage.Tests.Commands;

/// <summary>What an operator does with initial access tokens, on the account that the server uses, too.</summary>
[NeedsStorage]
public sealed class RegistrationTokens
{
    private readonly string[] place = ["--storage", NeedsStorageAttribute.ConnectionString ?? "", "--table-prefix", $"r{Guid.NewGuid():N}"[..12]];

    [StorageFact]
    public async Task Made_listed_and_revoked()
    {
        Assert.Single((await RunAsync("list")).ShouldSucceed().Lines);

        var made = await RunAsync("create", "--uses", "3", "--label", "the partner portal");
        Assert.Equal(0, made.Status);
        // The token alone, for scripts; what it is good for is on standard error.
        var token = Assert.Single(made.Lines);
        Assert.Matches("^[A-Za-z0-9_-]{68}$", token);
        Assert.Contains("valid for 3 registrations until", made.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(token, made.Error, StringComparison.Ordinal);

        var listed = (await RunAsync("list")).ShouldSucceed();
        Assert.DoesNotContain(token, listed.Output, StringComparison.Ordinal);
        var line = listed.Lines[1];
        Assert.Matches("^[A-Za-z0-9_-]{26} +0 of 3 +[0-9-]{10} [0-9:]{8}Z  the partner portal$", line);

        (await RunAsync("revoke", line.Split(' ')[0])).ShouldSucceed();
        Assert.Single((await RunAsync("list")).ShouldSucceed().Lines);
    }

    [StorageFact]
    public async Task Mistakes_are_told_in_a_sentence()
    {
        (await RunAsync("create", "--uses", "0")).ShouldBeTold("--uses must be at least 1.");
        (await RunAsync("create", "--expires-in", "soon")).ShouldBeTold("--expires-in must be a time such as 12:00:00 or 30.00:00:00, at most 3650 days.");
        (await RunAsync("create", "--expires-in", "4000.00:00:00")).ShouldBeTold("--expires-in must be");
        (await RunAsync("revoke", "unknown")).ShouldBeTold("There is no token with this id. List the tokens with registrations list.");
    }

    private Task<LocalHostCommand> RunAsync(string action, params string[] more) => LocalHostCommand.RunAsync(["registrations", action, .. place, .. more]);
}
