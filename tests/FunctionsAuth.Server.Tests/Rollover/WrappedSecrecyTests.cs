using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure.Core.Diagnostics;
using Azure.Data.Tables;
using Azure.Security.KeyVault.Keys.Cryptography;
using FunctionsAuth.Azure.Stores;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Protocol.Wire;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.Extensions.Configuration;

namespace FunctionsAuth.Server.Tests.Rollover;

/// <summary>
/// Where a wrapped private key must not be: in no row, no line of the log at its finest, no answer, no exception, no dump of the
/// settings. The test opens the rows with the vault, as only an instance may, to know what it looks for.
/// </summary>
public sealed class WrappedSecrecyTests
{
    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task A_private_key_is_in_no_row_no_log_line_no_answer_no_exception_and_no_dump_of_the_settings(BackEnd backEnd)
    {
        ConcurrentQueue<string> seen = [];
        using var sdk = new AzureEventSourceListener((_, text) => seen.Enqueue(text), EventLevel.Verbose);
        await using var pair = await WrappedPair.StartAsync(backEnd);
        await RotateAsync(pair, seen);
        await FailAsync(pair, seen);
        var keys = await OpenAllAsync(pair);
        Assert.Equal(6, keys.Count);

        foreach (var server in (RunningServer[])[pair.One, pair.Two])
        {
            Assert.Contains(server.Log.Lines, line => line.StartsWith("Trace ", StringComparison.Ordinal));
            Add(seen, server.Log.Lines);
            Add(seen, [((IConfigurationRoot)server.Get<IConfiguration>()).GetDebugView(), $"{server.Get<ServerOptions>()}", JsonSerializer.Serialize<object>(server.Get<ServerOptions>())]);
        }
        foreach (var text in seen)
            Assert.False(keys.Exists(key => key.AreIn(text)), $"A private key is in: {text}");
        await ShouldBeInNoRowAsync(pair, keys);
    }

    [Fact]
    public void What_looks_for_a_private_key_finds_it_however_it_is_written()
    {
        using var rsa = RSA.Create(2048);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        foreach (var key in (AsymmetricAlgorithm[])[rsa, ec])
        {
            var numbers = PrivateNumbers.Of(key);
            var pkcs8 = key.ExportPkcs8PrivateKey();
            Assert.True(numbers.AreIn((byte[])[1, 2, 3, .. pkcs8, 4]));
            string[] spellings =
            [
                key.ExportPkcs8PrivateKeyPem(), Convert.ToBase64String(pkcs8), Convert.ToHexString(pkcs8), BitConverter.ToString(pkcs8),
                JsonSerializer.Serialize(pkcs8), JsonSerializer.Serialize(key.ExportPkcs8PrivateKeyPem()),
            ];
            Assert.All(spellings, text => Assert.True(numbers.AreIn($"before {text} after"), text));
            Assert.False(numbers.AreIn(key.ExportSubjectPublicKeyInfo()));
            Assert.False(numbers.AreIn(key.ExportSubjectPublicKeyInfoPem()));
        }
        using var other = RSA.Create(2048);
        Assert.False(PrivateNumbers.Of(other).AreIn(rsa.ExportPkcs8PrivateKeyPem()));
        foreach (var number in (byte[][])[rsa.ExportParameters(true).D!, rsa.ExportParameters(true).P!, rsa.ExportParameters(true).Q!])
            Assert.True(PrivateNumbers.Of(rsa).AreIn(System.Buffers.Text.Base64Url.EncodeToString(number)));
    }

    /// <summary>What an instance does with keys when all goes well.</summary>
    private static async Task RotateAsync(WrappedPair pair, ConcurrentQueue<string> seen)
    {
        Add(seen, await pair.TokensAsync());
        pair.Clock.Advance(TimeSpan.FromDays(30));
        await pair.RolloverAsync();
        pair.Clock.Advance(TimeSpan.FromDays(1));
        Add(seen, await pair.TokensAsync());
        var login = (await new ClientApp(pair.One).LoginAsync()).ShouldBeOk();
        foreach (var path in (string[])[".well-known/jwks.json", ".well-known/openid-configuration", "health/ready"])
            Add(seen, [await pair.One.Http.GetStringAsync(new Uri(path, UriKind.Relative))]);
        Add(seen, [$"{login.Json}", $"{(await new ClientApp(pair.Two).UserInfoAsync(login.AccessToken)).ShouldBeOk().Json}"]);
    }

    /// <summary>And what it says when it does not.</summary>
    private static async Task FailAsync(WrappedPair pair, ConcurrentQueue<string> seen)
    {
        pair.Clock.Advance(TimeSpan.FromDays(29));
        await pair.RolloverAsync();
        pair.Clock.Advance(TimeSpan.FromDays(1));
        pair.Vault.Fail("unwrap", () => ScriptedVaultFaults.Status(500));
        await ShouldFailAsync();
        pair.Vault.Fail("wrap", () => ScriptedVaultFaults.Status(403));
        pair.Clock.Advance(TimeSpan.FromDays(29));
        Add(seen, [$"{await Assert.ThrowsAsync<KeyStoreException>(pair.RolloverAsync)}"]);
        pair.Vault.Recover();
        foreach (var column in (string[])["Encrypted", "WrappedKey", "PublicKey"])
        {
            foreach (var type in Enum.GetValues<SigningKeyType>())
            {
                var row = (await pair.RowsAsync(type))[^1];
                byte[] changed = [.. row.GetBinary(column)!];
                changed[^1] ^= 1;
                await pair.WriteAsync(new TableEntity(row) { [column] = changed });
                await ShouldFailAsync(type);
                await pair.WriteAsync(row);
            }
        }

        async Task ShouldFailAsync(params SigningKeyType[] types)
        {
            foreach (var type in types.Length > 0 ? types : Enum.GetValues<SigningKeyType>())
            {
                foreach (var server in (RunningServer[])[pair.One, pair.Two])
                {
                    var vault = server.Get<IReadOnlyList<IKeyStore>>().Single();
                    var failure = await Assert.ThrowsAnyAsync<Exception>(async () =>
                    {
                        var newest = (await vault.ListAsync(type, CancellationToken.None))[^1];
                        Add(seen, [$"{newest}"]);
                        await vault.SignAsync(newest, type == SigningKeyType.Ec ? SigningAlgorithms.ES256 : SigningAlgorithms.RS256, new byte[32], CancellationToken.None);
                    });
                    Add(seen, [$"{failure}", JsonSerializer.Serialize(failure.Data)]);
                    var answer = await pair.AskAsync(server, type);
                    Add(seen, [$"{answer.Response.Headers} {answer.Json}"]);
                }
            }
        }
    }

    private static async Task ShouldBeInNoRowAsync(WrappedPair pair, List<PrivateNumbers> keys)
    {
        var columns = 0;
        foreach (var table in ServerStores.Tables.Select(table => table.Name))
        {
            foreach (var row in await pair.RowsAsync(table))
            {
                foreach (var (name, value) in row)
                {
                    columns++;
                    var found = value is byte[] bytes ? keys.Exists(key => key.AreIn(bytes)) : keys.Exists(key => key.AreIn($"{value}"));
                    Assert.False(found, $"A private key is in {table} {row.PartitionKey}/{row.RowKey} {name}");
                }
            }
        }
        Assert.True(columns > 100, $"Only {columns} columns");
    }

    private static async Task<List<PrivateNumbers>> OpenAllAsync(WrappedPair pair)
    {
        List<PrivateNumbers> keys = [];
        foreach (var type in Enum.GetValues<SigningKeyType>())
        {
            foreach (var row in await pair.RowsAsync(type))
            {
                using AsymmetricAlgorithm key = type == SigningKeyType.Ec ? ECDsa.Create() : RSA.Create();
                key.ImportPkcs8PrivateKey(await OpenAsync(pair.Vault, row), out _);
                Assert.Equal(row.GetBinary("PublicKey"), key.ExportSubjectPublicKeyInfo());
                keys.Add(PrivateNumbers.Of(key));
            }
        }
        return keys;
    }

    /// <summary>AES-256-GCM under a key that the vault unwraps: nonce, text, tag; bound to the row's name, its date and its public key.</summary>
    private static async Task<byte[]> OpenAsync(ScriptedVault vault, TableEntity row)
    {
        var wrapping = vault.Keys.GetCryptographyClient("wrapping-rsa", row.GetString("WrappingVersion"));
        var unwrapped = await wrapping.UnwrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, row.GetBinary("WrappedKey")!);
        var encrypted = row.GetBinary("Encrypted")!;
        var secret = new byte[encrypted.Length - 28];
        byte[] context = [.. Encoding.UTF8.GetBytes($"{row.PartitionKey}/{row.RowKey}/{row.GetDateTimeOffset("CreatedAt")!.Value.UtcTicks}/"), .. row.GetBinary("PublicKey")!];
        using var aes = new AesGcm(unwrapped.Key, 16);
        aes.Decrypt(encrypted.AsSpan(0, 12), encrypted.AsSpan(12, secret.Length), encrypted.AsSpan()[^16..], secret, context);
        return secret;
    }

    private static void Add(ConcurrentQueue<string> seen, IEnumerable<string> texts)
    {
        foreach (var text in texts)
            seen.Enqueue(text);
    }
}
