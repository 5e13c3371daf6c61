using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Register;

/// <summary>RFC 7592: a client reads, changes and deletes itself, and nobody else does.</summary>
public sealed class ClientConfigurationTests(OpenServer shared) : IClassFixture<OpenServer>
{
    private readonly RunningServer server = shared.Server;
    private readonly Registrar registrar = new(shared.Server);

    [Fact]
    public async Task A_wrong_token_and_an_unknown_client_get_the_same_answer()
    {
        var one = await registrar.RegisterOkAsync();
        var two = await registrar.RegisterOkAsync();
        List<JsonAnswer> answers = [];
        foreach (var uri in (string[])[one["registration_client_uri"]!, "register/web", "register/unknown", "register/no%20id", "register/https:%2F%2Fapp.example"])
        {
            foreach (var token in (string[])[Registrar.TokenOf(two), "x"])
                answers.Add((await registrar.SendAsync(HttpMethod.Get, uri, token)).ShouldFail("invalid_token", 401));
        }
        Assert.Single(answers.Select(answer => answer.Json.GetRawText()).Distinct());
        Assert.StartsWith("Bearer realm=\"register\", error=\"invalid_token\"", Assert.Single(answers.Select(answer => answer.ChallengeOf()).Distinct()), StringComparison.Ordinal);
        Assert.Equal("Bearer realm=\"register\"", (await registrar.SendAsync(HttpMethod.Get, "register/unknown", null)).ShouldFail("invalid_request", 401).ChallengeOf());
        (await registrar.GetAsync(one)).ShouldBeOk();
    }

    [Fact]
    public async Task Nothing_of_a_foreign_client_changes()
    {
        var one = await registrar.RegisterOkAsync();
        var two = await registrar.RegisterOkAsync();
        (await registrar.PutAsync(one, Registrar.Metadata(), Registrar.TokenOf(two))).ShouldFail("invalid_token", 401);
        (await registrar.DeleteAsync(one, Registrar.TokenOf(two))).ShouldFail("invalid_token", 401);
        Assert.Null((await registrar.GetAsync(one)).ShouldBeOk()["client_name"]);
    }

    [Fact]
    public async Task A_change_replaces_everything_and_keeps_id_and_secret()
    {
        var client = await registrar.RegisterOkAsync(("client_name", "One"), ("client_uri", "https://app.example"));
        var changed = (await registrar.PutAsync(client, Registrar.Metadata(("client_name", "Two")))).ShouldBeOk();
        Assert.Equal((client["client_id"], "Two", null, null), (changed["client_id"], changed["client_name"], changed["client_uri"], changed["client_secret"]));
        Assert.Equal(client["client_id_issued_at"], changed["client_id_issued_at"]);
        (await registrar.LoginAsync(client["client_id"]!, client["client_secret"])).ShouldBeOk();
    }

    [Fact]
    public async Task It_must_name_itself_and_may_name_its_secret_but_no_other()
    {
        var client = await registrar.RegisterOkAsync();
        (await registrar.PutAsync(client, Registrar.Metadata(("client_id", "web")))).ShouldFail("invalid_client_metadata");
        (await registrar.SendAsync(HttpMethod.Put, client["registration_client_uri"]!, Registrar.TokenOf(client), System.Net.Http.Json.JsonContent.Create(Registrar.Metadata())))
            .ShouldFail("invalid_client_metadata");
        (await registrar.PutAsync(client, Registrar.Metadata(("client_secret", "a-secret-of-my-own-0123456789-0123456789")))).ShouldFail("invalid_client_metadata");
        (await registrar.PutAsync(client, Registrar.Metadata(("client_secret", 1)))).ShouldFail("invalid_client_metadata");
        var changed = (await registrar.PutAsync(client, Registrar.Metadata(("client_secret", client["client_secret"])))).ShouldBeOk();
        Assert.Equal(client["client_secret"], changed["client_secret"]);
        Assert.Equal("0", changed["client_secret_expires_at"]);
    }

    [Fact]
    public async Task A_bad_change_is_refused_and_changes_nothing()
    {
        var client = await registrar.RegisterOkAsync(("client_name", "One"));
        (await registrar.PutAsync(client, Registrar.Metadata(("redirect_uris", new JsonArray("http://app.example/"))))).ShouldFail("invalid_redirect_uri");
        (await registrar.PutAsync(client, Registrar.Metadata(("software_statement", "e30.e30.e30")))).ShouldFail("invalid_software_statement");
        var read = (await registrar.GetAsync(client)).ShouldBeOk();
        Assert.Equal(("One", client["registration_access_token"]), (read["client_name"], read["registration_access_token"]));
    }

    [Fact]
    public async Task A_client_changes_how_it_authenticates_and_gets_the_secret_that_it_needs()
    {
        var client = await registrar.RegisterOkAsync(("token_endpoint_auth_method", "none"));
        client = (await registrar.PutAsync(client, Registrar.Metadata(("token_endpoint_auth_method", "client_secret_basic")))).ShouldBeOk();
        var secret = client["client_secret"]!;
        (await registrar.LoginAsync(client["client_id"]!, secret)).ShouldBeOk();
        (await registrar.LoginAsync(client["client_id"]!)).ShouldFail("invalid_client", 401);
        // Of the secret only the hash is known, so it gets a new one for its JWTs, unless it says the one it has.
        client = (await registrar.PutAsync(client, Registrar.Metadata(("token_endpoint_auth_method", "client_secret_jwt"), ("client_secret", secret)))).ShouldBeOk();
        Assert.Equal(secret, client["client_secret"]);
        Assert.Equal(secret, (await registrar.GetAsync(client)).ShouldBeOk()["client_secret"]);
        client = (await registrar.PutAsync(client, Registrar.Metadata(("token_endpoint_auth_method", "none")))).ShouldBeOk();
        Assert.Null(client["client_secret"]);
        (await registrar.LoginAsync(client["client_id"]!)).ShouldBeOk();
    }

    [Fact]
    public async Task A_new_token_ends_the_old_one_when_it_is_first_used()
    {
        var client = await registrar.RegisterOkAsync();
        var changed = (await registrar.PutAsync(client, Registrar.Metadata())).ShouldBeOk();
        Assert.NotEqual(Registrar.TokenOf(client), Registrar.TokenOf(changed));
        // Its answer may have got lost.
        (await registrar.GetAsync(client)).ShouldBeOk();
        (await registrar.GetAsync(changed)).ShouldBeOk();
        (await registrar.GetAsync(client)).ShouldFail("invalid_token", 401);
        (await registrar.DeleteAsync(client)).ShouldFail("invalid_token", 401);
        (await registrar.GetAsync(changed)).ShouldBeOk();
    }

    [Fact]
    public async Task The_same_change_again_after_a_lost_answer_gives_the_same_new_token()
    {
        var client = await registrar.RegisterOkAsync();
        var lost = (await registrar.PutAsync(client, Registrar.Metadata(("client_name", "Two")))).ShouldBeOk();
        var again = (await registrar.PutAsync(client, Registrar.Metadata(("client_name", "Two")))).ShouldBeOk();
        Assert.Equal(Registrar.TokenOf(lost), Registrar.TokenOf(again));
        var next = (await registrar.PutAsync(again, Registrar.Metadata())).ShouldBeOk();
        (await registrar.GetAsync(client)).ShouldFail("invalid_token", 401);
        (await registrar.DeleteAsync(next)).ShouldBeGone();
    }

    [Fact]
    public async Task A_deleted_client_is_gone_at_once_and_its_tokens_with_it()
    {
        var client = await registrar.RegisterOkAsync(("grant_types", new JsonArray("authorization_code", "refresh_token")));
        var id = client["client_id"]!;
        var tokens = (await registrar.LoginAsync(id, client["client_secret"])).ShouldBeOk();
        (await new ClientApp(server).UserInfoAsync(tokens.AccessToken)).ShouldBeOk();
        (await registrar.DeleteAsync(client)).ShouldBeGone();
        (await registrar.GetAsync(client)).ShouldFail("invalid_token", 401);
        (await registrar.RefreshAsync(id, tokens.RefreshToken, client["client_secret"])).ShouldFail("invalid_client", 401);
        (await new ClientApp(server).UserInfoAsync(tokens.AccessToken)).ShouldFail("invalid_token", 401);
        Assert.Null((await new Browser(server).GetAsync(Registrar.RequestOf(id).Url)).Location);
        Assert.Null(await server.Get<IClientStore>().FindAsync(id, default));
    }

    [Fact]
    public async Task A_client_that_an_operator_disabled_can_not_change_itself()
    {
        var client = await registrar.RegisterOkAsync();
        var store = server.Get<IClientStore>();
        await store.TrySaveAsync((await store.FindAsync(client["client_id"]!, default))! with { Disabled = true }, default);
        (await registrar.GetAsync(client)).ShouldFail("invalid_token", 401);
        (await registrar.PutAsync(client, Registrar.Metadata())).ShouldFail("invalid_token", 401);
    }

    [Fact]
    public async Task A_client_that_an_operator_imports_is_the_operators()
    {
        var client = await registrar.RegisterOkAsync();
        var store = server.Get<IClientStore>();
        await store.TrySaveAsync(new Client { Version = (await store.FindAsync(client["client_id"]!, default))!.Version, ClientId = client["client_id"]!, RedirectUris = [Registrar.Callback], TokenEndpointAuthMethod = "none" }, default);
        (await registrar.DeleteAsync(client)).ShouldFail("invalid_token", 401);
    }

    [Fact]
    public async Task Other_methods_are_refused()
    {
        var client = await registrar.RegisterOkAsync();
        (await registrar.SendAsync(HttpMethod.Post, client["registration_client_uri"]!, Registrar.TokenOf(client))).ShouldFail("invalid_request", 405);
        (await registrar.SendAsync(HttpMethod.Get, "register", null)).ShouldFail("invalid_request", 405);
    }
}

internal static class DeletedClients
{
    public static void ShouldBeGone(this JsonAnswer answer)
    {
        Assert.Equal(204, answer.Status);
        Assert.Equal("no-store", answer.Response.Headers.CacheControl?.ToString());
    }
}
