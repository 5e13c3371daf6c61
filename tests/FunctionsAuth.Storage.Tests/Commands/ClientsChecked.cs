namespace FunctionsAuth.Storage.Tests.Commands;

/// <summary>An operator asks whether a client meets FAPI 2.0, and learns what is missing, clause by clause.</summary>
[NeedsStorage]
public sealed class ClientsChecked : IDisposable
{
    private readonly string[] place = ["--storage", NeedsStorageAttribute.ConnectionString ?? "", "--table-prefix", $"c{Guid.NewGuid():N}"[..12]];
    private readonly string file = Path.GetTempFileName();

    [StorageFact]
    public async Task A_client_that_meets_the_profile_and_one_that_does_not()
    {
        await File.WriteAllTextAsync(file, """
            { "clients": [
              { "client_id": "old", "client_secret": "a-secret-that-has-32-characters-or-more", "redirect_uris": ["http://localhost/callback"], "scope": "openid" },
              { "client_id": "new", "token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "https://new.example/jwks.json", "redirect_uris": ["https://new.example/callback"], "scope": "openid" },
              { "client_id": "held", "profile": "fapi2_message_signing", "token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "https://held.example/jwks.json", "redirect_uris": ["https://held.example/callback"], "scope": "openid" }
            ] }
            """);
        (await LocalHostCommand.RunAsync(["import", .. place, "--", file])).ShouldSucceed();

        var old = await CheckAsync("old", "--profile", "fapi2_security");
        Assert.Equal(1, old.Status);
        Assert.Contains("  NO   5.3.2.1-6   The client authenticates with private_key_jwt or a certificate.", old.Lines);
        Assert.Contains("                   token_endpoint_auth_method must be private_key_jwt or tls_client_auth or self_signed_tls_client_auth", old.Lines);
        Assert.Contains("  NO   5.3.2.2-8   Responses go to https addresses, or to a loopback address of a native app.", old.Lines);
        Assert.Contains("  yes  5.3.2.1-9   Refresh tokens do not rotate. (by the profile)", old.Lines);
        Assert.Equal("old does not meet fapi2_security: it fails 2 clauses.", old.Lines[^1]);

        Assert.Equal("new can meet fapi2_security: import it with \"profile\": \"fapi2_security\".", (await CheckAsync("new", "--profile", "fapi2_security")).ShouldSucceed().Lines[^1]);
        var held = (await CheckAsync("held")).ShouldSucceed();
        Assert.Contains("FAPI 2.0 Message Signing", held.Lines);
        Assert.Equal("held meets fapi2_message_signing.", held.Lines[^1]);
        (await CheckAsync("new")).ShouldBeTold("The client new has no profile. Name the profile to check with --profile.");
        (await CheckAsync("nobody")).ShouldBeTold("There is no client nobody.");
    }

    public void Dispose() => File.Delete(file);

    private Task<LocalHostCommand> CheckAsync(string clientId, params string[] options) => LocalHostCommand.RunAsync(["clients", "check", .. place, .. options, "--", clientId]);
}
