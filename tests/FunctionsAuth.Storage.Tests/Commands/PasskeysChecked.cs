using FunctionsAuth.Protocol.Credentials;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Storage.Tests.Commands;

/// <summary>Before a deployment an operator hears of passkeys that it would make useless.</summary>
[NeedsStorage]
public sealed class PasskeysChecked
{
    private readonly string storage = NeedsStorageAttribute.ConnectionString ?? "";
    private readonly string prefix = $"p{Guid.NewGuid():N}"[..12];

    [StorageFact]
    public async Task A_passkey_for_another_domain_is_warned_of()
    {
        const string Warning = "WARNING: 1 passkeys were created for another domain than login.example, so nobody can sign in with them: see docs/passkeys.md.";
        Assert.Single((await CheckAsync()).Lines);
        await AddAsync("login.example");
        Assert.Single((await CheckAsync()).Lines);
        await AddAsync("login.old.example");
        Assert.Equal(Warning, (await CheckAsync()).Lines[1]);
        Assert.Single((await CheckAsync("--set", "Passkeys:Enabled=false")).Lines);
    }

    private async Task<LocalHostCommand> CheckAsync(params string[] more) => (await LocalHostCommand.RunAsync(
    [
        "check", "--set", "Issuer=https://login.example", "--set", "Storage__AccountUri=https://a.example", "--set", $"Storage__TablePrefix={prefix}", "--set", "Vault__Uri=https://v.example",
        "--storage", storage, .. more,
    ])).ShouldSucceed();

    private async Task AddAsync(string relyingPartyId)
    {
        await using var server = ServerOnTables.Open(storage, prefix);
        var passkey = new Passkey
        {
            Subject = "ada",
            Id = Guid.NewGuid().ToByteArray(),
            PublicKey = [1],
            SignCount = 0,
            IsSynced = false,
            Name = "Key",
            AddedAt = DateTimeOffset.UnixEpoch,
            RelyingPartyId = relyingPartyId,
        };
        Assert.True((await server.Services.GetRequiredService<IPasskeyStore>().TrySaveAsync(passkey, default)).Won);
    }
}
