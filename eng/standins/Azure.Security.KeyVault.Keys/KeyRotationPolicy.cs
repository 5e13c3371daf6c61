namespace Azure.Security.KeyVault.Keys;

/// <summary>When a vault makes a new version of a key. Durations are ISO 8601 (`P90D`).</summary>
public class KeyRotationPolicy
{
    public KeyRotationPolicy() { }

    internal KeyRotationPolicy(Uri? id, DateTimeOffset? createdOn, DateTimeOffset? updatedOn) =>
        (Id, CreatedOn, UpdatedOn) = (id, createdOn, updatedOn);

    public Uri? Id { get; }

    public string? ExpiresIn { get; set; }

    public IList<KeyRotationLifetimeAction> LifetimeActions { get; } = [];

    public DateTimeOffset? CreatedOn { get; }

    public DateTimeOffset? UpdatedOn { get; }
}

public class KeyRotationLifetimeAction(KeyRotationPolicyAction action)
{
    public KeyRotationPolicyAction Action { get; } = action;

    public string? TimeAfterCreate { get; set; }

    public string? TimeBeforeExpiry { get; set; }
}
