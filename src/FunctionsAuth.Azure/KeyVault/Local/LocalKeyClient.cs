using System.Security.Cryptography;
using Azure;
using Azure.Security.KeyVault.Keys;
using Azure.Security.KeyVault.Keys.Cryptography;
using FunctionsAuth.Azure.Local;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.Azure.KeyVault.Local;

/// <summary>
/// A key vault in a folder, or in memory when <paramref name="folder"/> is null. It has RSA and P-256 keys that sign. Only the owner can
/// read the folder and its files. A damaged file causes an <see cref="InvalidDataException"/> that names it.
/// </summary>
/// <param name="folder">The folder is made with the first key. Several processes may share it.</param>
/// <param name="clock">The clock for the dates of versions, in whole seconds as in Key Vault, and for their expiry.</param>
/// <param name="name">The host name of the vault. It tells several vaults apart.</param>
/// <param name="latency">The time that each operation with a key takes in addition to its computation.</param>
public sealed class LocalKeyClient(string? folder, TimeProvider clock, string name = "local-keys", TimeSpan latency = default) : KeyClient
{
    private const int DefaultRsaBits = 2_048;

    private readonly LocalKeys store = folder is null ? new LocalKeysInMemory() : new LocalKeysInFolder(Path.GetFullPath(folder));

    public override Uri VaultUri { get; } = new($"https://{name}/");

    private DateTimeOffset Now => DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());

    /// <summary>Lists every version, enabled or disabled. Empty when there is no such key.</summary>
    public override AsyncPageable<KeyProperties> GetPropertiesOfKeyVersionsAsync(
        string name, CancellationToken cancellationToken = default) =>
        AsyncPageable<KeyProperties>.FromPages(
            [Page<KeyProperties>.FromValues([.. store.List(Checked(name)).Select(ToProperties)], null, new LocalResponse(200))]);

    /// <summary>Returns a version, or the newest one if none is named. Status 404 when there is none.</summary>
    public override Task<Response<KeyVaultKey>> GetKeyAsync(
        string name, string? version = null, CancellationToken cancellationToken = default) =>
        Answer(() => Get(name, version), cancellationToken);

    public override Task<Response<KeyVaultKey>> CreateKeyAsync(
        string name, KeyType keyType, CreateKeyOptions? keyOptions = null, CancellationToken cancellationToken = default) =>
        Answer(
            () => keyType == KeyType.Rsa ? Add(name, PrivateKey.CreateRsa(DefaultRsaBits), keyOptions)
                : keyType == KeyType.Ec ? Add(name, PrivateKey.Create(SigningKeyType.Ec), keyOptions)
                : throw KeyRefusals.BadParameter($"Local keys are RSA or EC, not {keyType}."),
            cancellationToken);

    public override Task<Response<KeyVaultKey>> CreateRsaKeyAsync(
        CreateRsaKeyOptions rsaKeyOptions, CancellationToken cancellationToken = default) =>
        Answer(
            () => Add(rsaKeyOptions.Name, PrivateKey.CreateRsa(rsaKeyOptions.KeySize ?? DefaultRsaBits), rsaKeyOptions), cancellationToken);

    public override Task<Response<KeyVaultKey>> CreateEcKeyAsync(
        CreateEcKeyOptions ecKeyOptions, CancellationToken cancellationToken = default) =>
        Answer(
            () => ecKeyOptions.CurveName is null || ecKeyOptions.CurveName == KeyCurveName.P256
                ? Add(ecKeyOptions.Name, PrivateKey.Create(SigningKeyType.Ec), ecKeyOptions)
                : throw KeyRefusals.BadParameter("Local EC keys are on P-256."),
            cancellationToken);

    /// <summary>Makes a version of the same type and size as the newest one. Status 404 when there is none.</summary>
    public override Task<Response<KeyVaultKey>> RotateKeyAsync(string name, CancellationToken cancellationToken = default) =>
        Answer(
            () =>
            {
                var present = Get(name, null);
                return Add(name, SuccessorOf(present.Key), null, present.Facts.Operations);
            },
            cancellationToken);

    /// <summary>Changes a version, or the newest one if none is named: sets whether it is enabled, its start and its expiry, each if it is not null.</summary>
    public override Task<Response<KeyVaultKey>> UpdateKeyPropertiesAsync(
        KeyProperties properties, IEnumerable<KeyOperation>? keyOperations = null, CancellationToken cancellationToken = default) =>
        Answer(() => Update(properties), cancellationToken);

    /// <summary>Returns an empty policy, because no service runs here that could rotate keys.</summary>
    public override Task<Response<KeyRotationPolicy>> GetKeyRotationPolicyAsync(string keyName, CancellationToken cancellationToken = default) =>
        Attempt.Run(
            () =>
            {
                Get(keyName, null);
                return Response.FromValue(KeyModelFactory.KeyRotationPolicy(new Uri(VaultUri, $"keys/{keyName}/rotationpolicy")), new LocalResponse(200));
            },
            cancellationToken);

    /// <summary>Returns a client for a version, or for the version that is the newest at the time of each operation if none is named.</summary>
    public override CryptographyClient GetCryptographyClient(string keyName, string? keyVersion = null) =>
        new LocalCryptographyClient(() => Get(keyName, keyVersion), IdOf(Checked(keyName), keyVersion), clock, latency);

    /// <summary>
    /// Runs an action alone: no other action of this method runs at the same time on the same keys. So the action can read the keys and then make one.
    /// </summary>
    internal Task RunAloneAsync(Func<Task> action, CancellationToken cancellation) => store.RunAloneAsync(action, cancellation);

    /// <summary>Checks that the keys with these names can be read, and that a key can be made if one does not exist. No key is made.</summary>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    /// <exception cref="KeyFilesException">The keys cannot be read, or a key does not exist and cannot be made.</exception>
    internal async Task CheckAsync(IEnumerable<string> names, CancellationToken cancellation)
    {
        // Every key is read, so that each damaged file is found.
        if (names.Count(known => store.List(known).Count == 0) > 0)
            await store.RunAloneAsync(() => Task.CompletedTask, cancellation);
    }

    private LocalKey Get(string name, string? version) =>
        (version is null ? store.List(Checked(name)).LastOrDefault() : store.Find(Checked(name), Checked(version)))
        ?? throw KeyRefusals.NotFound(name, version);

    private LocalKey Add(string name, PrivateKey key, CreateKeyOptions? options, IReadOnlyList<string>? operations = null)
    {
        if (options is { KeyOperations.Count: > 0 })
            operations = [.. options.KeyOperations.Select(operation => operation.ToString())];
        var added = new LocalKey(Checked(name), Guid.NewGuid().ToString("N"), key, new KeyFacts
        {
            Created = Now,
            Updated = Now,
            Enabled = options?.Enabled ?? true,
            NotBefore = options?.NotBefore,
            Expires = options?.ExpiresOn,
            Operations = operations,
        });
        store.Add(added);
        return added;
    }

    private LocalKey Update(KeyProperties properties)
    {
        var present = Get(properties.Name, properties.Version);
        var updated = present with
        {
            Facts = present.Facts with
            {
                Enabled = properties.Enabled ?? present.Facts.Enabled,
                NotBefore = properties.NotBefore ?? present.Facts.NotBefore,
                Expires = properties.ExpiresOn ?? present.Facts.Expires,
                Updated = Now,
            },
        };
        store.Update(updated);
        return updated;
    }

    private Task<Response<KeyVaultKey>> Answer(Func<LocalKey> operation, CancellationToken cancellationToken) => Attempt.Run(
        () =>
        {
            var key = operation();
            var publicKey = ToPublicKey(key);
            publicKey.Id = IdOf(key.Name, key.Version).AbsoluteUri;
            return Response.FromValue(KeyModelFactory.KeyVaultKey(ToProperties(key), publicKey), new LocalResponse(200));
        },
        cancellationToken);

    private static PrivateKey SuccessorOf(PrivateKey key) =>
        key.PublicKey.Type == SigningKeyType.Rsa ? PrivateKey.CreateRsa(key.Size) : PrivateKey.Create(SigningKeyType.Ec);

    private static JsonWebKey ToPublicKey(LocalKey key)
    {
        KeyOperation[] operations = [.. key.Facts.Operations?.Select(name => new KeyOperation(name)) ?? [KeyOperation.Sign, KeyOperation.Verify]];
        return key.Key.Use(algorithm => algorithm is RSA rsa
            ? new JsonWebKey(rsa, includePrivateParameters: false, operations)
            : new JsonWebKey((ECDsa)algorithm, includePrivateParameters: false, operations));
    }

    private KeyProperties ToProperties(LocalKey key)
    {
        var properties = KeyModelFactory.KeyProperties(
            IdOf(key.Name, key.Version), VaultUri, key.Name, key.Version, managed: false, key.Facts.Created, key.Facts.Updated);
        (properties.Enabled, properties.NotBefore, properties.ExpiresOn) = (key.Facts.Enabled, key.Facts.NotBefore, key.Facts.Expires);
        return properties;
    }

    private Uri IdOf(string name, string? version) => new(VaultUri, version is null ? $"keys/{name}" : $"keys/{name}/{version}");

    // This is the rule of Key Vault for names. It also keeps a path inside the folder.
    private static string Checked(string name) => KeyOptions.IsKeyName(name) ? name : throw KeyRefusals.BadParameter(
        "The name or version of a key is 1 to 127 letters, digits and hyphens.");
}
