using System.Text.RegularExpressions;

namespace FunctionsAuth.Protocol.Configuration;

/// <summary>How signing keys roll over: docs/keys.md shows it as a timeline.</summary>
public sealed partial record KeyOptions
{
    /// <summary>The name of the RSA key that signs RS256.</summary>
    public string RsaKeyName { get; init; } = "signing-rsa";

    /// <summary>The name of the P-256 key that signs ES256.</summary>
    public string EcKeyName { get; init; } = "signing-ec";

    /// <summary>How long a new version stands in the JWKS before it signs.</summary>
    public TimeSpan Announce { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How often an instance reads the key versions again.</summary>
    public TimeSpan RefreshEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>For how long clients may keep the JWKS.</summary>
    public TimeSpan JwksMaxAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The rollover timer makes a new version when the newest is this old; 0 leaves that to Key Vault's rotation policy.</summary>
    public TimeSpan RotateEvery { get; init; } = TimeSpan.Zero;

    internal IEnumerable<string> Problems(LifetimeOptions lifetimes)
    {
        if (Announce < JwksMaxAge + RefreshEvery)
            yield return $"Keys:Announce must be at least Keys:JwksMaxAge plus Keys:RefreshEvery ({JwksMaxAge + RefreshEvery:c}), or tokens are signed with a key that no client has seen; it is {Announce:c}";
        if (RotateEvery != TimeSpan.Zero && RotateEvery < Announce + lifetimes.LongestToken)
            yield return $"Keys:RotateEvery must be 0 or at least Keys:Announce plus Lifetimes:LongestToken ({Announce + lifetimes.LongestToken:c}); it is {RotateEvery:c}";
        if (RsaKeyName == EcKeyName)
            yield return "Keys:RsaKeyName and Keys:EcKeyName must differ";
        if (!KeyName().IsMatch(RsaKeyName) || !KeyName().IsMatch(EcKeyName))
            yield return "Keys:RsaKeyName and Keys:EcKeyName must be 1 to 127 letters, digits and hyphens";
        var second = TimeSpan.FromSeconds(1);
        foreach (var range in Limit.Check(
        [
            new("Keys:RefreshEvery", RefreshEvery, second, TimeSpan.FromHours(1)),
            new("Keys:JwksMaxAge", JwksMaxAge, TimeSpan.Zero, TimeSpan.FromDays(1)),
            new("Keys:Announce", Announce, TimeSpan.Zero, TimeSpan.FromDays(30)),
        ]))
            yield return range;
    }

    [GeneratedRegex(@"^[0-9A-Za-z-]{1,127}\z")]
    private static partial Regex KeyName();
}
