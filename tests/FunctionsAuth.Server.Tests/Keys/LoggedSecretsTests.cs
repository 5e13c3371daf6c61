using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Keys;

/// <summary>
/// Keys are made, read, used, refused, throttled, rotated and disabled, at the lowest log level: no line has key material, a
/// digest, or anything that a client could use.
/// </summary>
public sealed class LoggedSecretsTests
{
    private readonly HashSet<string> secrets = [];

    [Theory]
    [InlineData("vault")]
    [InlineData("wrapped")]
    [InlineData("wrapped,vault")]
    public async Task No_line_has_a_secret(string mode)
    {
        await using var scene = new VaultScene();
        if (mode.Contains(','))
            await scene.MakeKeysAsync(scene.Vault);
        var server = await scene.StartAsync(("Keys:Mode", mode));
        var kid = VaultSceneServers.KidOf(await server.TokenAsync());
        await LoginAndRefreshAsync(server);
        foreach (var call in (string[])["sign", "unwrap", "versions"])
            await FailAsync(scene, server, call);
        scene.Clock.Advance(TimeSpan.FromDays(90));
        scene.Vault.Fail("create", () => ScriptedVaultFaults.Status(403));
        await Record.ExceptionAsync(server.RolloverAsync);
        scene.Vault.Recover();
        for (var day = 0; day < 4; day++)
        {
            await server.RolloverAsync();
            scene.Clock.Advance(TimeSpan.FromDays(1));
        }
        await LoginAndRefreshAsync(server);

        foreach (var call in scene.Vault.Calls)
            AddBytes(call.Data);
        if (mode != "vault")
            await AddPrivateKeysAsync(scene);
        var lines = string.Join('\n', server.Log.Lines);
        // What is looked for would be found: a kid is no secret.
        Assert.Contains(kid, lines, StringComparison.Ordinal);
        int[] expected = mode == "vault" ? [2001, 2002, 2003, 2004, 2005, 2006, 2007] : [2002, 2003, 2004];
        Assert.All(expected, id => Assert.NotEmpty(server.Events(id)));
        Assert.True(secrets.Count > 50, $"{secrets.Count}");
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, lines, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task No_row_has_a_private_key_that_can_be_read_without_the_vault()
    {
        await using var scene = new VaultScene();
        var server = await scene.StartAsync(("Keys:Mode", "wrapped"));
        await server.TokenAsync();
        var keys = await PrivateKeysAsync(scene);
        Assert.Equal(2, keys.Count);
        var rows = 0;
        await foreach (var row in scene.Storage["SigningKeys"].QueryAsync<TableEntity>())
        {
            rows++;
            foreach (var value in row.Keys.Select(name => row[name]).OfType<byte[]>())
                Assert.All(keys.SelectMany(PartsOf), part => Assert.Equal(-1, value.AsSpan().IndexOf(part)));
        }
        Assert.Equal(2, rows);
    }

    private async Task LoginAndRefreshAsync(RunningServer server)
    {
        var web = new ClientApp(server);
        var code = await new Browser(server).CodeAsync(web, "web", "openid offline_access");
        var tokens = (await web.RedeemAsync(code)).ShouldBeOk();
        var next = (await web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        secrets.UnionWith([code, tokens.RefreshToken, next.RefreshToken, RawRequests.SecretOf("web")]);
        foreach (var token in (string[])[tokens.IdToken, tokens.AccessToken, next.IdToken, next.AccessToken])
            secrets.UnionWith(token.Split('.')[1..]);
    }

    private static async Task FailAsync(VaultScene scene, RunningServer server, string call)
    {
        foreach (var fault in (string[])["403", "429", "500", "time-out of each try", "no credential"])
        {
            scene.Vault.Fail(call, () => ScriptedVaultFaults.Named(fault));
            scene.Clock.Advance(TimeSpan.FromMinutes(11));
            await server.AskAsync();
            await server.JwksAsync();
            await server.ReadyAsync();
            scene.Vault.Recover();
            scene.Clock.Advance(TimeSpan.FromMinutes(1));
            await server.AskAsync();
        }
    }

    private async Task AddPrivateKeysAsync(VaultScene scene)
    {
        foreach (var part in (await PrivateKeysAsync(scene)).SelectMany(PartsOf))
            AddBytes(part);
    }

    /// <summary>As the server has them: opened with the data keys that it had wrapped.</summary>
    private static async Task<List<PrivateKey>> PrivateKeysAsync(VaultScene scene)
    {
        var dataKeys = scene.Vault.Calls.Where(call => call.Kind == "wrap").Select(call => call.Data).ToList();
        List<PrivateKey> keys = [];
        await foreach (var row in scene.Storage["SigningKeys"].QueryAsync<TableEntity>())
            keys.Add(dataKeys.Select(dataKey => Open(row, dataKey)).OfType<PrivateKey>().Single());
        return keys;
    }

    private static PrivateKey? Open(TableEntity row, byte[] dataKey)
    {
        var encrypted = row.GetBinary("Encrypted")!;
        var secret = new byte[encrypted.Length - 28];
        using var aes = new AesGcm(dataKey, 16);
        var context = $"{row.PartitionKey}/{row.RowKey}/{row.GetDateTimeOffset("CreatedAt")!.Value.UtcTicks}/";
        try
        {
            byte[] bound = [.. Encoding.UTF8.GetBytes(context), .. row.GetBinary("PublicKey")!];
            aes.Decrypt(encrypted.AsSpan(0, 12), encrypted.AsSpan(12, secret.Length), encrypted.AsSpan(12 + secret.Length), secret, bound);
            return PrivateKey.FromPkcs8(secret);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static IEnumerable<byte[]> PartsOf(PrivateKey key) => key.Use<IEnumerable<byte[]>>(algorithm => algorithm switch
    {
        RSA rsa when rsa.ExportParameters(true) is var parts => [parts.D!, parts.P!, parts.Q!, parts.DP!, parts.DQ!, parts.InverseQ!, rsa.ExportPkcs8PrivateKey()],
        ECDsa ec => [ec.ExportParameters(true).D!, ec.ExportPkcs8PrivateKey()],
        _ => throw new InvalidOperationException(),
    });

    /// <summary>In each way in which bytes get into a text; the end depends on what follows.</summary>
    private void AddBytes(byte[] bytes)
    {
        if (bytes.Length == 0)
            return;
        foreach (var text in (string[])[Convert.ToBase64String(bytes), Base64Url.EncodeToString(bytes), Convert.ToHexString(bytes), BitConverter.ToString(bytes)])
            secrets.Add(text[..Math.Min(text.Length - 4, 60)]);
    }
}
