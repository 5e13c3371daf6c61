namespace Azure.Security.KeyVault.Keys;

/// <summary>What a rotation policy does when its time has come.</summary>
public readonly struct KeyRotationPolicyAction : IEquatable<KeyRotationPolicyAction>
{
    private readonly string value;

    public KeyRotationPolicyAction(string value) => this.value = value ?? throw new ArgumentNullException(nameof(value));

    public static KeyRotationPolicyAction Rotate { get; } = new("Rotate");

    public static KeyRotationPolicyAction Notify { get; } = new("Notify");

    public static implicit operator KeyRotationPolicyAction(string value) => new(value);

    public static bool operator ==(KeyRotationPolicyAction left, KeyRotationPolicyAction right) => left.Equals(right);

    public static bool operator !=(KeyRotationPolicyAction left, KeyRotationPolicyAction right) => !left.Equals(right);

    public bool Equals(KeyRotationPolicyAction other) => string.Equals(value, other.value, StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is KeyRotationPolicyAction other && Equals(other);

    public override int GetHashCode() => value?.GetHashCode(StringComparison.Ordinal) ?? 0;

    public override string ToString() => value;
}
