namespace FunctionsAuth.Protocol.Configuration;

/// <summary>The signing keys, and how new keys replace old ones. docs/keys.md shows it as a timeline.</summary>
public sealed record KeyOptions
{
    public const string Vault = "vault";
    public const string Wrapped = "wrapped";
    public const string Local = "local";

    private const int LongestKeyName = 127;

    private static readonly string[] AllModes = [Vault, Wrapped, $"{Wrapped},{Vault}", $"{Vault},{Wrapped}", Local];

    /// <summary>
    /// <c>vault</c>: Key Vault signs. <c>wrapped</c>: the app signs with keys that Key Vault encrypted. <c>wrapped,vault</c> and <c>vault,wrapped</c> are
    /// for the day of a change: the first one signs, and the keys of the other stay published. <c>local</c>: the app signs with keys in files of this
    /// machine, only while the issuer is on it, and never in Azure.
    /// </summary>
    public string Mode { get; init; } = Vault;

    /// <summary>
    /// The folder of the keys with the mode <c>local</c>: an absolute path. Without it, <c>FunctionsAuth/keys</c> in the user's folder for application
    /// data. Several processes may use the same folder.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>The name of the RSA key for RS256 and PS256.</summary>
    public string RsaKeyName { get; init; } = "signing-rsa";

    /// <summary>The name of the P-256 key for ES256.</summary>
    public string EcKeyName { get; init; } = "signing-ec";

    /// <summary>The name of the RSA key that encrypts the other keys, where <see cref="Mode"/> contains <c>wrapped</c>.</summary>
    public string WrappingKeyName { get; init; } = "wrapping-rsa";

    /// <summary>
    /// How long a new key version is published in the JWKS before it signs. At least <see cref="JwksMaxAge"/> plus twice <see cref="RefreshEvery"/> plus
    /// <see cref="ClockSkew"/>.
    /// </summary>
    public TimeSpan Announce { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How often an instance reads the key versions again.</summary>
    public TimeSpan RefreshEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long clients may keep the JWKS.</summary>
    public TimeSpan JwksMaxAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// A timer makes a new key version when the newest one has this age, unless the key has its own rotation policy. 0 means never. Otherwise at least
    /// <see cref="Announce"/> plus <see cref="LifetimeOptions.LongestToken"/>.
    /// </summary>
    public TimeSpan RotateEvery { get; init; } = TimeSpan.FromDays(90);

    /// <summary>The largest difference between the clocks of instances and vaults.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The parts of <see cref="Mode"/>, the one that signs first.</summary>
    public IReadOnlyList<string> Modes => Mode.Split(',');

    /// <summary>An instance knows of a version at the latest so long after it was made, published to everyone who asks.</summary>
    private TimeSpan LeastAnnounce => JwksMaxAge + (2 * RefreshEvery) + ClockSkew;

    /// <summary>Whether Key Vault takes the name of a key.</summary>
    public static bool IsKeyName(string text) => NameText.IsMadeOf(text, LongestKeyName, c => char.IsAsciiLetterOrDigit(c) || c == '-');

    internal IEnumerable<string> Problems(LifetimeOptions lifetimes)
    {
        if (!AllModes.Contains(Mode))
            yield return $"Keys:Mode must be one of {string.Join("; ", AllModes)}";
        else if (Folder is not null && Mode != Local)
            yield return $"Keys:Folder is of use only with Keys:Mode {Local}; Keys:Mode is {Mode}";
        else if (Folder is not null && !Path.IsPathFullyQualified(Folder))
            yield return $"Keys:Folder must be an absolute path; it is {Folder}";
        if (Announce < LeastAnnounce)
            yield return $"Keys:Announce must be at least Keys:JwksMaxAge plus twice Keys:RefreshEvery plus Keys:ClockSkew ({LeastAnnounce:c}), or tokens are signed with a key that some client has not seen; it is {Announce:c}";
        if (RotateEvery != TimeSpan.Zero && RotateEvery < Announce + lifetimes.LongestToken)
            yield return $"Keys:RotateEvery must be 0 or at least Keys:Announce plus Lifetimes:LongestToken ({Announce + lifetimes.LongestToken:c}); it is {RotateEvery:c}";
        string[] names = [RsaKeyName, EcKeyName, WrappingKeyName];
        if (names.Distinct(StringComparer.OrdinalIgnoreCase).Count() < names.Length)
            yield return "Keys:RsaKeyName, Keys:EcKeyName and Keys:WrappingKeyName must differ";
        if (!names.All(IsKeyName))
            yield return "Keys:RsaKeyName, Keys:EcKeyName and Keys:WrappingKeyName must be 1 to 127 letters, digits and hyphens";
        var second = TimeSpan.FromSeconds(1);
        foreach (var range in Limit.Check(
        [
            new("Keys:RefreshEvery", RefreshEvery, second, TimeSpan.FromHours(1)),
            new("Keys:JwksMaxAge", JwksMaxAge, TimeSpan.Zero, TimeSpan.FromDays(1)),
            new("Keys:Announce", Announce, TimeSpan.Zero, TimeSpan.FromDays(30)),
            new("Keys:ClockSkew", ClockSkew, TimeSpan.Zero, TimeSpan.FromHours(1)),
        ]))
            yield return range;
    }
}
