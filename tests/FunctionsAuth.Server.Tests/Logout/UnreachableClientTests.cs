using Azure;
using Azure.Data.Tables;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Keys;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Server.Tests.Logout;

/// <summary>Clients, vaults and tables that fail while people sign out: they are signed out, and the operator sees who was not told.</summary>
public sealed class UnreachableClientTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly TestStorage storage = new(BackEnd.Memory);
    private LogoutScene scene = null!;
    private Browser browser = null!;

    public async Task InitializeAsync()
    {
        scene = await LogoutScene.StartAsync(storage.Setup());
        browser = new Browser(scene.Server);
    }

    public async Task DisposeAsync() => await scene.DisposeAsync();

    [Theory]
    [InlineData(200, 1, "ok")]
    [InlineData(204, 1, "ok")]
    [InlineData(400, 1, "refused")]
    [InlineData(302, 2, "failed")]
    [InlineData(404, 2, "failed")]
    [InlineData(500, 2, "failed")]
    [InlineData(503, 2, "failed")]
    public async Task Any_answer_but_400_is_asked_for_twice(int status, int requests, string outcome)
    {
        var login = await LoginAsync("told");
        scene.Host.Serve("/told", http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        });
        using var meter = new MeterCounts();
        (await browser.LogoutAsync(login)).ShouldBeSignedOut();

        Assert.Equal((requests, 0), (scene.Host.RequestsFor("/told"), scene.Host.RequestsFor("/elsewhere")));
        Assert.Equal([outcome], meter.BackchannelLogouts);
        Assert.Equal(outcome == "ok" ? 0 : 1, Warnings("Client told could not be told", $"the answer was {status}"));
    }

    [Fact]
    public async Task The_second_try_brings_the_same_token()
    {
        var login = await LoginAsync("told");
        var isFirst = true;
        scene.Host.Serve("/told", async http =>
        {
            await scene.ReceiveAsync(http, "told");
            http.Response.StatusCode = isFirst ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK;
            isFirst = false;
        });
        using var meter = new MeterCounts();
        (await browser.LogoutAsync(login)).ShouldBeSignedOut();
        Assert.Equal(["ok"], meter.BackchannelLogouts);
        Assert.Equal(2, scene.Received.Count);
        Assert.Single(scene.Received.Distinct());
    }

    [Fact]
    public async Task A_client_that_is_down_keeps_no_other_from_being_told()
    {
        var login = await LoginAsync("told");
        var down = await scene.AddAsync("down", client => client with { BackchannelLogoutUri = new Uri("http://127.0.0.1:9/logout") });
        await down.LoginAsync("openid", browser);
        using var meter = new MeterCounts();
        (await browser.LogoutAsync(login)).ShouldBeSignedOut();
        Assert.Equal([login.Sid()], scene.SidsOf("told"));
        Assert.Equal(["failed", "ok"], meter.BackchannelLogouts.Order());
        Assert.Equal(1, Warnings("Client down could not be told", "The host could not be reached"));
        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task A_client_that_hangs_makes_the_person_wait_for_5_seconds_at_most_and_is_told_later()
    {
        var login = await LoginAsync("told");
        await (await scene.AddAsync("slow")).LoginAsync("openid", browser);
        HangAtFirst("slow");
        var logout = browser.LogoutAsync(login);
        // The client and the person wait, each for 5 seconds.
        await Patience.UntilAsync(() => scene.Host.RequestsFor("/slow") == 1 && scene.SidsOf("told").Any() && scene.Server.Clock.Waiting(Limit) == 2);
        Assert.False(logout.IsCompleted);
        scene.Server.Clock.RunOut(Limit);
        (await logout).ShouldBeSignedOut();
        Assert.Equal([login.Sid()], scene.SidsOf("told"));
        Assert.Empty(scene.SidsOf("slow"));
        // When the person is signed out, nothing goes on here: it stands in the outbox.
        Assert.Equal(1, await storage.CountAsync("Outbox"));
        await RetryAsync();
        await Patience.UntilAsync(() => scene.SidsOf("slow").Any());
        Assert.Equal([login.Sid()], scene.SidsOf("slow"));
        await Patience.UntilAsync(async () => await storage.CountAsync("Outbox") == 0);
    }

    [Fact]
    public async Task A_client_that_was_down_is_told_when_it_is_back_by_a_token_that_is_signed_then()
    {
        var login = await LoginAsync("told");
        var isDown = true;
        scene.Host.Serve("/told", async http =>
        {
            if (isDown)
                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            else
                await scene.ReceiveAsync(http, "told");
        });
        (await browser.LogoutAsync(login)).ShouldBeSignedOut();
        await RetryAsync();
        await Patience.UntilAsync(() => Warnings("logout_token could not be delivered in attempt 1", "client told: the answer was 503") == 1);
        isDown = false;
        await Patience.UntilAsync(() => scene.Server.Clock.Waiting(TimeSpan.FromMinutes(1)) == 1);
        await RetryAsync();
        await Patience.UntilAsync(() => scene.SidsOf("told").Any());
        var payload = Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Decode(Assert.Single(scene.Received).Token.Split('.')[1]);
        Assert.Contains($"\"iat\":{scene.Server.Clock.GetUtcNow().ToUnixTimeSeconds()}", payload, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_says_later_that_it_will_not_is_asked_no_more()
    {
        var login = await LoginAsync("told");
        var status = StatusCodes.Status503ServiceUnavailable;
        scene.Host.Serve("/told", http =>
        {
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        (await browser.LogoutAsync(login)).ShouldBeSignedOut();
        status = StatusCodes.Status400BadRequest;
        await RetryAsync();
        await Patience.UntilAsync(async () => await storage.CountAsync("Outbox") == 0);
        Assert.Equal(3, scene.Host.RequestsFor("/told"));
        Assert.Single(scene.Server.Log.Lines, line => line.Contains("logout_token was not delivered, and after 1 attempts it is given up: client told: the answer was 400", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Outbox insert")]
    [InlineData("Sessions query")]
    public async Task Storage_that_fails_while_clients_are_told_keeps_nobody_signed_in(string operation)
    {
        var login = await LoginAsync("told", new Uri("http://127.0.0.1:9/logout"));
        storage.Script.Before = done =>
        {
            if (done.ToString() == operation)
                throw new RequestFailedException(503, "The server is busy.", "ServerBusy", null);
        };
        (await browser.LogoutAsync(login)).ShouldBeSignedOut();
        storage.Script.Before = null;
        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task A_client_that_is_deleted_before_it_is_told_is_forgotten()
    {
        var login = await LoginAsync("told", new Uri("http://127.0.0.1:9/logout"));
        (await browser.LogoutAsync(login)).ShouldBeSignedOut();
        await foreach (var row in storage["Clients"].QueryAsync<TableEntity>(select: ["PartitionKey", "RowKey"]))
            await storage["Clients"].DeleteEntityAsync(row.PartitionKey, row.RowKey);
        // No instance knows the client from its cache any more.
        await RetryAsync(later: TimeSpan.FromMinutes(2));
        await Patience.UntilAsync(async () => await storage.CountAsync("Outbox") == 0);
        Assert.DoesNotContain(scene.Server.Log.Lines, line => line.Contains("given up", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://localhost")]
    [InlineData("https://10.0.0.1")]
    [InlineData("https://169.254.169.254")]
    [InlineData("https://[::1]")]
    public async Task An_address_inside_is_never_connected_to(string address)
    {
        var login = await LoginAsync("told", new Uri($"{address}:{scene.Host.Url.Port}/told"));
        using var meter = new MeterCounts();
        (await browser.LogoutAsync(login)).ShouldBeSignedOut();
        Assert.Equal(["failed"], meter.BackchannelLogouts);
        Assert.Equal(1, Warnings("Client told could not be told", "has no public address"));
    }

    [Fact]
    public async Task Without_a_signature_the_person_is_signed_out_and_the_client_is_counted()
    {
        await using var vault = await VaultScene.WithKeysAsync();
        await using var failing = await LogoutScene.StartAsync(await vault.StartAsync(("Fetch:TrustedHosts:0", "127.0.0.1")));
        var app = await failing.AddAsync("told");
        var alice = new Browser(failing.Server);
        var login = (await app.LoginAsync("openid", alice)).ShouldBeOk();
        await PublishedKeys.ReadAsync(failing.Server);

        vault.Vault.Fail("sign", () => ScriptedVaultFaults.Named("503"));
        (await alice.LogoutAsync(login)).ShouldBeSignedOut();
        Assert.Empty(failing.Received);
        Assert.Contains(failing.Server.Log.Lines, line => line.Contains("Client told could not be told", StringComparison.Ordinal));
        Assert.False(await alice.IsSignedInAsync());
    }

    [Fact]
    public async Task While_the_clients_can_not_be_listed_the_person_is_signed_out_all_the_same()
    {
        var login = await LoginAsync("told");
        storage.Script.Before = operation =>
        {
            if (operation.ToString() == "Sessions query")
                throw new RequestFailedException(503, "The server is busy.", "ServerBusy", null);
        };
        using var meter = new MeterCounts();
        (await browser.LogoutAsync(login)).ShouldBeSignedOut();
        storage.Script.Before = null;
        Assert.Empty(scene.Received);
        Assert.Equal(["unlisted"], meter.BackchannelLogouts);
        Assert.Equal(1, Warnings("not all of its clients could be read", login.Sid()));
        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task A_logout_that_could_not_end_all_sessions_can_be_tried_again()
    {
        var first = await LoginAsync("told");
        await browser.SignInAgainAsync();
        var failures = 1;
        storage.Script.Before = operation =>
        {
            if (operation.ToString() == "Sessions delete" && Interlocked.Decrement(ref failures) >= 0)
                throw new RequestFailedException(503, "The server is busy.", "ServerBusy", null);
        };
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, (await browser.LogoutAsync(first)).Status);
        Assert.Empty(scene.Received);
        (await browser.LogoutAsync(first)).ShouldBeSignedOut();
        Assert.Equal([first.Sid()], scene.SidsOf("told"));
    }

    [Fact]
    public async Task No_code_gets_out_while_it_can_not_be_noted_who_took_part()
    {
        var app = await scene.AddAsync("told");
        await browser.SignInAgainAsync();
        storage.Script.Before = operation =>
        {
            if (operation.ToString() == "Sessions upsert")
                throw new RequestFailedException(503, "The server is busy.", "ServerBusy", null);
        };
        var request = new AuthorizationParameters("told").Url;
        Assert.Equal("temporarily_unavailable", (await browser.GetAsync(request)).Parameters["error"]);
        storage.Script.Before = null;
        (await app.RedeemAsync((await browser.GetAsync(request)).Parameters["code"])).ShouldBeOk();
    }

    [Fact]
    public async Task No_token_gets_into_the_log()
    {
        var login = await LoginAsync("told");
        scene.Host.Serve("/told", async http =>
        {
            await scene.ReceiveAsync(http, "told");
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
        });
        await browser.LogoutAsync(login);
        var signature = Assert.Single(scene.Received).Token.Split('.')[2];
        Assert.DoesNotContain(scene.Server.Log.Lines, line => line.Contains(signature, StringComparison.Ordinal));
    }

    /// <summary>The client's first answer never comes.</summary>
    private void HangAtFirst(string clientId)
    {
        var isFirst = true;
        scene.Host.Serve($"/{clientId}", async http =>
        {
            if (isFirst)
            {
                isFirst = false;
                await Task.Delay(Timeout.Infinite, http.RequestAborted);
            }
            await scene.ReceiveAsync(http, clientId);
        });
    }

    /// <summary>The first retry is due, and done.</summary>
    private async Task RetryAsync(TimeSpan later = default)
    {
        var calls = storage.Script.Operations.Count(done => done.ToString() == "Outbox replace");
        await Patience.UntilAsync(() => scene.Server.Clock.Waiting(TimeSpan.FromMinutes(1)) > 0);
        scene.Server.Clock.Advance(later);
        scene.Server.Clock.RunOut(TimeSpan.FromMinutes(1));
        await Patience.UntilAsync(() => storage.Script.Operations.Count(done => done.ToString() == "Outbox replace") > calls);
    }

    private async Task<JsonAnswer> LoginAsync(string clientId, Uri? address = null)
    {
        var app = await scene.AddAsync(clientId, client => client with { BackchannelLogoutUri = address ?? client.BackchannelLogoutUri });
        return (await app.LoginAsync("openid", browser)).ShouldBeOk();
    }

    private int Warnings(params string[] words) =>
        scene.Server.Log.Lines.Count(line => line.StartsWith("Warning", StringComparison.Ordinal) && words.All(word => line.Contains(word, StringComparison.Ordinal)));
}
