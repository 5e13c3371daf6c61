namespace Azure.Security.KeyVault.Keys;

/// <summary>What can be said of a new key of any kind.</summary>
public class CreateKeyOptions
{
    public IList<KeyOperation> KeyOperations { get; } = [];

    public DateTimeOffset? NotBefore { get; set; }

    public DateTimeOffset? ExpiresOn { get; set; }

    public bool? Enabled { get; set; }

    public bool? Exportable { get; set; }

    public IDictionary<string, string> Tags { get; } = new Dictionary<string, string>();
}

public class CreateRsaKeyOptions(string name, bool hardwareProtected = false) : CreateKeyOptions
{
    public string Name { get; } = name;

    public KeyType KeyType => HardwareProtected ? KeyType.RsaHsm : KeyType.Rsa;

    /// <summary>In bits; null: the vault's default, 2048.</summary>
    public int? KeySize { get; set; }

    public bool HardwareProtected { get; } = hardwareProtected;

    public int? PublicExponent { get; set; }
}

public class CreateEcKeyOptions(string name, bool hardwareProtected = false) : CreateKeyOptions
{
    public string Name { get; } = name;

    public KeyType KeyType => HardwareProtected ? KeyType.EcHsm : KeyType.Ec;

    /// <summary>Null: the vault's default, P-256.</summary>
    public KeyCurveName? CurveName { get; set; }

    public bool HardwareProtected { get; } = hardwareProtected;
}
