namespace Azure.Security.KeyVault.Keys;

/// <summary>What a vault says of one version of a key, without the key.</summary>
public class KeyProperties
{
    public KeyProperties(string name) : this(null, null, name ?? throw new ArgumentNullException(nameof(name)), null, null, null) { }

    public KeyProperties(Uri id)
    {
        ArgumentNullException.ThrowIfNull(id);
        var parts = id.AbsolutePath.Trim('/').Split('/');
        if (parts is not ["keys", ..] || parts.Length is not (2 or 3))
            throw new ArgumentException("A key's identifier is https://VAULT/keys/NAME or https://VAULT/keys/NAME/VERSION.", nameof(id));
        (Id, VaultUri, Name, Version) = (id, new Uri(id.GetLeftPart(UriPartial.Authority)), parts[1], parts.ElementAtOrDefault(2)!);
    }

    internal KeyProperties(Uri? id, Uri? vaultUri, string? name, string? version, DateTimeOffset? createdOn, DateTimeOffset? updatedOn)
    {
        (Id, VaultUri, Name, Version) = (id!, vaultUri!, name!, version!);
        (CreatedOn, UpdatedOn) = (createdOn, updatedOn);
    }

    public string Name { get; }

    public Uri Id { get; }

    public Uri VaultUri { get; }

    /// <summary>Null for a key of which no version was named.</summary>
    public string Version { get; }

    public bool Managed { get; internal init; }

    public IDictionary<string, string> Tags { get; } = new Dictionary<string, string>();

    public bool? Enabled { get; set; }

    public bool? Exportable { get; set; }

    public DateTimeOffset? NotBefore { get; set; }

    public DateTimeOffset? ExpiresOn { get; set; }

    public DateTimeOffset? CreatedOn { get; }

    public DateTimeOffset? UpdatedOn { get; }

    public int? RecoverableDays { get; internal init; }

    public string? RecoveryLevel { get; internal init; }
}
