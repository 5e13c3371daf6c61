namespace FunctionsAuth.Storage.Tests.Commands;

/// <summary>The settings of an app in Azure, checked before anything is deployed.</summary>
public sealed class SettingsChecked : IDisposable
{
    private static readonly string[] Enough = ["Issuer=https://login.example", "Storage__AccountUri=https://a.example", "Vault__Uri=https://v.example"];

    private readonly FileInfo file = new(Path.GetTempFileName());

    public void Dispose() => file.Delete();

    [Fact]
    public async Task Good_ones() =>
        Assert.Equal("The settings are valid.", Assert.Single((await CheckAsync([.. Enough, "Lifetimes__AccessToken=00:10:00"])).ShouldSucceed().Lines));

    [Fact]
    public async Task Each_that_is_missing()
    {
        foreach (var missing in Enough)
            Assert.Equal(2, (await CheckAsync(Enough.Except([missing]))).Status);
    }

    [Fact]
    public async Task One_that_does_not_exist() =>
        Assert.Contains("There is no setting", (await CheckAsync([.. Enough, "Lifetimes__AcessToken=00:10:00"])).Error, StringComparison.Ordinal);

    [Fact]
    public async Task With_an_import_file()
    {
        await File.WriteAllTextAsync(file.FullName, """{ "users": [{ "username": "ada" }] }""");
        Assert.Equal($"{file.Name} can be imported.", (await CheckAsync(Enough, "--import", file.FullName)).ShouldSucceed().Lines[1]);

        await File.WriteAllTextAsync(file.FullName, """{ "users": [{ "name": "ada" }] }""");
        Assert.Equal(2, (await CheckAsync(Enough, "--import", file.FullName)).Status);
    }

    [Fact]
    public async Task With_a_mail_server_that_does_not_answer() =>
        Assert.StartsWith("WARNING: 127.0.0.1: the mail server could not be reached", (await CheckAsync([.. Enough, "Mail__Host=127.0.0.1", "Mail__Port=1", "Mail__From=no-reply@login.example"], "--mail")).ShouldSucceed().Lines[1], StringComparison.Ordinal);

    private static Task<LocalHostCommand> CheckAsync(IEnumerable<string> settings, params string[] more) =>
        LocalHostCommand.RunAsync(["check", .. settings.SelectMany(setting => (string[])["--set", setting]), .. more]);
}
