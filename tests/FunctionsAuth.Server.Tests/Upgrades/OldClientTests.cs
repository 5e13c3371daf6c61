using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Register;

namespace FunctionsAuth.Server.Tests.Upgrades;

/// <summary>Clients that an earlier release registered stay as they are, and may do what they might.</summary>
public sealed class OldClientTests(EarlierRelease old) : IClassFixture<EarlierRelease>
{
    private readonly Registrar registrar = new(old.Server);

    private Kept Kept => old.Kept;

    [Theory]
    [InlineData("registered", "Registered")]
    [InlineData("changed", "Changed")]
    public async Task A_registered_client_reads_itself_with_its_token(string name, string clientName)
    {
        var client = (await SendAsync(HttpMethod.Get, name)).ShouldBeOk();
        Assert.Equal((Kept[$"{name}.id"], clientName), (client["client_id"], client["client_name"]));
        (await registrar.SendAsync(HttpMethod.Get, Kept[$"{name}.uri"], "wrong")).ShouldFail("invalid_token", 401);
    }

    [Theory]
    [InlineData("registered")]
    [InlineData("changed")]
    public async Task A_registered_client_gets_tokens_with_its_secret(string name) =>
        (await registrar.LoginAsync(Kept[$"{name}.id"], Kept[$"{name}.secret"])).ShouldBeOk();

    [Fact]
    public async Task An_initial_access_token_registers_as_many_clients_as_it_did_not_yet()
    {
        foreach (var name in (string[])["initial token", "initial token of two"])
        {
            Assert.Equal(201, (await registrar.RegisterAsync(token: Kept[name])).Status);
            (await registrar.RegisterAsync(token: Kept[name])).ShouldFail("invalid_token", 401);
        }
    }

    [Fact]
    public async Task A_proof_that_was_used_is_refused() => (await LifeOfClients.ProveAsync(old.Server, Kept["assertion"])).ShouldFail("invalid_client", 401);

    [Fact]
    public async Task A_disabled_client_stays_so() =>
        (await old.App("disabled").PostAsync("token", [("grant_type", "client_credentials")])).ShouldFail("invalid_client", 401);

    private Task<JsonAnswer> SendAsync(HttpMethod method, string name) => registrar.SendAsync(method, Kept[$"{name}.uri"], Kept[$"{name}.token"]);
}
