namespace Azure.Security.KeyVault.Keys;

/// <summary>Makes the models that a vault answers with, for derived clients and tests.</summary>
public static class KeyModelFactory
{
    public static JsonWebKey JsonWebKey(
        KeyType keyType, string? id = null, IEnumerable<KeyOperation>? keyOps = null, KeyCurveName? curveName = null,
        byte[]? d = null, byte[]? dp = null, byte[]? dq = null, byte[]? e = null, byte[]? k = null, byte[]? n = null,
        byte[]? p = null, byte[]? q = null, byte[]? qi = null, byte[]? t = null, byte[]? x = null, byte[]? y = null) =>
        new(keyOps ?? [])
        {
            KeyType = keyType,
            Id = id,
            CurveName = curveName,
            D = d,
            DP = dp,
            DQ = dq,
            E = e,
            K = k,
            N = n,
            P = p,
            Q = q,
            QI = qi,
            T = t,
            X = x,
            Y = y,
        };

    public static KeyProperties KeyProperties(
        Uri? id, Uri? vaultUri, string? name, string? version, bool managed,
        DateTimeOffset? createdOn, DateTimeOffset? updatedOn, string? recoveryLevel) =>
        KeyProperties(id, vaultUri, name, version, managed, createdOn, updatedOn, recoveryLevel, null);

    public static KeyProperties KeyProperties(
        Uri? id = null, Uri? vaultUri = null, string? name = null, string? version = null, bool managed = false,
        DateTimeOffset? createdOn = null, DateTimeOffset? updatedOn = null, string? recoveryLevel = null, int? recoverableDays = null) =>
        new(id, vaultUri, name, version, createdOn, updatedOn)
        {
            Managed = managed,
            RecoveryLevel = recoveryLevel,
            RecoverableDays = recoverableDays,
        };

    public static KeyVaultKey KeyVaultKey(KeyProperties properties, JsonWebKey key) => new(properties, key);

    public static KeyRotationPolicy KeyRotationPolicy(
        Uri? id = null, DateTimeOffset? createdOn = null, DateTimeOffset? updatedOn = null) => new(id, createdOn, updatedOn);
}
