using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Passkeys;

/// <summary>What a sign-in with a passkey asks of storage, beside one with a password: docs/storage.md has the same figures.</summary>
public sealed class PasskeyBudgets
{
    private const string Session = "Audit insert, AuditOfPeople insert, Consents read, Grants insert, Requests read, Requests replace, Requests replace, Sessions insert, UserSessions insert";

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task A_sign_in_keeps_its_budget(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var server = await RunningServer.StartAsync(storage.Setup());
        using var authenticator = new SoftwareAuthenticator();
        using var counting = new SoftwareAuthenticator { SignCount = 1 };
        await new Browser(server).AddPasskeyAsync(authenticator);
        await new Browser(server).AddPasskeyAsync(counting, known: authenticator);
        await new Browser(server).SignInAsync(authenticator);

        await ShouldCost($"{Session}, Credentials query, UserLogins read, Users read, Users replace", (browser, page) => browser.LoginAsync(page));
        await ShouldCost($"{Session}, CredentialIds read, Credentials query, Requests replace, Users read", (browser, page) => browser.SignInAsync(authenticator, page));
        counting.SignCount = 2;
        await ShouldCost($"{Session}, CredentialIds read, Credentials query, Credentials replace, Requests replace, Users read", (browser, page) => browser.SignInAsync(counting, page));
        // A page that is only shown uses nothing up.
        var shown = new Browser(server);
        var id = (await shown.LoginPageAsync()).PasskeyForm().Fields()["request"];
        storage.Script.Arm();
        await shown.GetAsync($"login?request={id}");
        Assert.Equal("Requests read", Listed());

        async Task ShouldCost(string operations, Func<Browser, Answer, Task<Answer>> signIn)
        {
            var browser = new Browser(server);
            var page = await browser.LoginPageAsync();
            storage.Script.Arm();
            Assert.NotNull((await signIn(browser, page)).Location);
            Assert.Equal(string.Join(", ", operations.Split(", ").Order(StringComparer.Ordinal)), Listed());
        }

        string Listed() => string.Join(", ", storage.Script.Operations.Select(operation => operation.ToString()).Order(StringComparer.Ordinal));
    }
}
