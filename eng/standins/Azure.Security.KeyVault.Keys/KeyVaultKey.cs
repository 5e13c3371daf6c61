namespace Azure.Security.KeyVault.Keys;

/// <summary>One version of a key: its properties and its public part.</summary>
public class KeyVaultKey
{
    public KeyVaultKey(string name) : this(new KeyProperties(name), new JsonWebKey([])) { }

    internal KeyVaultKey(KeyProperties properties, JsonWebKey key) => (Properties, Key) = (properties, key);

    public JsonWebKey Key { get; }

    public Uri Id => Properties.Id;

    public string Name => Properties.Name;

    public KeyType KeyType => Key.KeyType;

    public IReadOnlyCollection<KeyOperation> KeyOperations => Key.KeyOps;

    public KeyProperties Properties { get; }
}
