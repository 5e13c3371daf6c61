namespace Azure.Security.KeyVault.Keys;

/// <summary>The curve of an EC key (`crv`).</summary>
public readonly struct KeyCurveName : IEquatable<KeyCurveName>
{
    private readonly string value;

    public KeyCurveName(string value) => this.value = value ?? throw new ArgumentNullException(nameof(value));

    public static KeyCurveName P256 { get; } = new("P-256");

    public static KeyCurveName P256K { get; } = new("P-256K");

    public static KeyCurveName P384 { get; } = new("P-384");

    public static KeyCurveName P521 { get; } = new("P-521");

    public static implicit operator KeyCurveName(string value) => new(value);

    public static bool operator ==(KeyCurveName left, KeyCurveName right) => left.Equals(right);

    public static bool operator !=(KeyCurveName left, KeyCurveName right) => !left.Equals(right);

    public bool Equals(KeyCurveName other) => string.Equals(value, other.value, StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is KeyCurveName other && Equals(other);

    public override int GetHashCode() => value?.GetHashCode(StringComparison.Ordinal) ?? 0;

    public override string ToString() => value;
}
