using System.Text.Json.Nodes;
using FunctionsAuth.Cli;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Import;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Manage;

namespace FunctionsAuth.Server.Tests.Cli;

/// <summary>How people and machines sign in with the command line.</summary>
public sealed class SignInTests(ManageServer manage) : IClassFixture<ManageServer>
{
    private readonly RunningServer server = manage.Server;

    [Fact]
    public async Task A_person_signs_in_with_their_browser_and_out_again()
    {
        using var line = new CommandLine(server);
        (await line.RunAsync("users", "list")).ShouldFail(ExitCodes.NotSignedIn, "Sign in first");
        var login = (await line.RunAsync("login", "login.example")).ShouldBe(ExitCodes.Done);
        Assert.Contains("boss is signed in at https://login.example.", login.Output, StringComparison.Ordinal);
        Assert.Contains("https://login.example/authorize?", login.Error, StringComparison.Ordinal);
        Assert.StartsWith("200", line.Page, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(line.SignIns));

        var who = JsonNode.Parse((await line.RunAsync("whoami", "--json")).ShouldBe(ExitCodes.Done).Output)!;
        Assert.Equal(("boss", "functionsauth-cli"), (who["name"]!.ToString(), who["client_id"]!.ToString()));
        Assert.Contains("manage:administrators", who["scopes"]!.AsArray().Select(scope => scope!.ToString()));
        Assert.Contains("alice", (await line.RunAsync("users", "list")).ShouldBe(ExitCodes.Done).Output, StringComparison.Ordinal);

        var refreshToken = Kept(line)["refresh_token"]!.ToString();
        Assert.Contains("signed out", (await line.RunAsync("logout")).ShouldBe(ExitCodes.Done).Output, StringComparison.Ordinal);
        Assert.DoesNotContain(refreshToken, await File.ReadAllTextAsync(line.SignIns), StringComparison.Ordinal);
        (await server.PostAsync("token", $"grant_type=refresh_token&client_id=functionsauth-cli&refresh_token={refreshToken}")).ShouldFail("invalid_grant");
        (await line.RunAsync("users", "list")).ShouldBe(ExitCodes.NotSignedIn);
    }

    [Fact]
    public async Task A_token_whose_time_is_over_is_replaced()
    {
        using var line = await new CommandLine(server).SignInAsync();
        var before = Kept(line)["access_token"]!.ToString();
        var later = new TestClock();
        later.Advance(server.Clock.GetUtcNow() - later.GetUtcNow() + TimeSpan.FromHours(2));
        line.Clock = later;
        (await line.RunAsync("groups", "list")).ShouldBe(ExitCodes.Done);
        Assert.NotEqual(before, Kept(line)["access_token"]!.ToString());
    }

    [Fact]
    public async Task A_sign_in_that_was_ended_elsewhere_is_over()
    {
        using var line = await new CommandLine(server, "auditor").SignInAsync();
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        (await (await manage.AsBossAsync()).PostAsync("users/auditor-subject/sign_out")).ShouldBe(200);
        (await line.RunAsync("groups", "list")).ShouldFail(ExitCodes.NotSignedIn, "sign in again with functionsauth login https://login.example");
    }

    [Fact]
    public async Task Tokens_may_be_bound_to_a_key_of_the_machine()
    {
        using var line = new CommandLine(server);
        (await line.RunAsync("login", RunningServer.Issuer, "--dpop")).ShouldBe(ExitCodes.Done);
        (await line.RunAsync("groups", "list")).ShouldBe(ExitCodes.Done);
        var stolen = new ManageCaller(server, Kept(line)["access_token"]!.ToString());
        (await stolen.GetAsync("groups")).ShouldBe(401);
    }

    [Fact]
    public async Task A_server_may_want_pushed_requests_and_nonces()
    {
        await using var strict = await RunningServer.StartAsync(new ServerSetup
        {
            Settings = new() { ["Manage:RequireSecondFactor"] = "false", ["RequirePushedAuthorizationRequests"] = "true", ["Dpop:RequireNonce"] = "true" },
            Import = false,
        });
        await LocalServer.ImportAsync(strict.Services, ConfigurationAsCodeTests.FirstAdministrator);
        using var line = new CommandLine(strict);
        (await line.RunAsync("login", RunningServer.Issuer, "--dpop")).ShouldBe(ExitCodes.Done);
        (await line.RunAsync("groups", "list")).ShouldBe(ExitCodes.Done);
    }

    [Theory]
    [InlineData("state")]
    [InlineData("iss")]
    public async Task Only_the_response_to_its_own_request_signs_a_person_in(string parameter)
    {
        using var line = new CommandLine(server);
        string? page = null;
        line.BeforeCallback = async callback => page = await CommandLine.GetAsync(new Uri(callback.AbsoluteUri.Replace($"{parameter}=", $"{parameter}=x", StringComparison.Ordinal)));
        (await line.RunAsync("login", RunningServer.Issuer)).ShouldBe(ExitCodes.Done);
        Assert.StartsWith("404", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_manages_nothing_is_told_so_and_nothing_is_kept()
    {
        using var line = new CommandLine(server, "alice");
        (await line.RunAsync("login", RunningServer.Issuer)).ShouldFail(ExitCodes.NotSignedIn, "The user is in no group that may use this client");
        Assert.Contains("The sign-in was refused", line.Page, StringComparison.Ordinal);
        Assert.False(File.Exists(line.SignIns));
    }

    [Fact]
    public async Task Who_may_only_read_is_told_what_is_missing()
    {
        using var line = await new CommandLine(server, "helper").SignInAsync();
        (await line.RunAsync("groups", "create", "mine")).ShouldFail(ExitCodes.Refused, "manage:groups:write");
    }

    [Fact]
    public async Task A_machine_signs_in_by_its_secret()
    {
        using var line = new CommandLine(server) { Answer = RawRequests.SecretOf("robot") + "\n" };
        (await line.RunAsync("login", RunningServer.Issuer, "--client", "robot", "--secret-stdin")).ShouldBe(ExitCodes.Done);
        (await line.RunAsync("groups", "list")).ShouldBe(ExitCodes.Done);
        Assert.DoesNotContain(RawRequests.SecretOf("robot"), await File.ReadAllTextAsync(line.SignIns), StringComparison.Ordinal);

        // A pipeline has no login of its own.
        using var pipeline = new CommandLine(server)
        {
            Variables = { ["FUNCTIONSAUTH_SERVER"] = RunningServer.Issuer, ["FUNCTIONSAUTH_CLIENT_ID"] = "robot", ["FUNCTIONSAUTH_CLIENT_SECRET"] = RawRequests.SecretOf("robot") },
        };
        (await pipeline.RunAsync("groups", "list")).ShouldBe(ExitCodes.Done);
        Assert.False(File.Exists(pipeline.SignIns));
        pipeline.Variables["FUNCTIONSAUTH_CLIENT_SECRET"] = "wrong";
        (await pipeline.RunAsync("groups", "list")).ShouldFail(ExitCodes.NotSignedIn, "refused the sign-in");
    }

    [Fact]
    public async Task The_client_of_the_tool_is_reserved_and_can_be_switched_off()
    {
        var problem = await Assert.ThrowsAsync<ImportException>(() => LocalServer.ImportAsync(server.Services, """{ "clients": [{ "client_id": "functionsauth-cli", "token_endpoint_auth_method": "none", "redirect_uris": ["https://evil.example/"] }] }"""));
        Assert.Contains("command line", problem.Message, StringComparison.Ordinal);
        await using var without = await RunningServer.StartAsync(new ServerSetup { Settings = new() { ["Manage:Cli"] = "false" }, Import = false });
        var request = new AuthorizationParameters("functionsauth-cli", "http://127.0.0.1:5000/callback");
        Assert.Null((await new Browser(without).GetAsync(request.Url)).Location);
        Assert.NotNull((await new Browser(server).GetAsync(request.Url)).Location);
    }

    private static JsonNode Kept(CommandLine line) => JsonNode.Parse(File.ReadAllText(line.SignIns))!["servers"]![RunningServer.Issuer]!;
}
