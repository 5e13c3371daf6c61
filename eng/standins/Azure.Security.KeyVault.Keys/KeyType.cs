namespace Azure.Security.KeyVault.Keys;

/// <summary>The kind of a key (`kty`).</summary>
public readonly struct KeyType : IEquatable<KeyType>
{
    private readonly string value;

    public KeyType(string value) => this.value = value ?? throw new ArgumentNullException(nameof(value));

    public static KeyType Ec { get; } = new("EC");

    public static KeyType EcHsm { get; } = new("EC-HSM");

    public static KeyType Rsa { get; } = new("RSA");

    public static KeyType RsaHsm { get; } = new("RSA-HSM");

    public static KeyType Oct { get; } = new("oct");

    public static KeyType OctHsm { get; } = new("oct-HSM");

    public static implicit operator KeyType(string value) => new(value);

    public static bool operator ==(KeyType left, KeyType right) => left.Equals(right);

    public static bool operator !=(KeyType left, KeyType right) => !left.Equals(right);

    public bool Equals(KeyType other) => string.Equals(value, other.value, StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is KeyType other && Equals(other);

    public override int GetHashCode() => value?.GetHashCode(StringComparison.Ordinal) ?? 0;

    public override string ToString() => value;
}
