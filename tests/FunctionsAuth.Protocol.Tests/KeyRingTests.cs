using System.Security.Cryptography;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.Protocol.Tests;

public sealed class KeyRingTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly KeyOptions Options = new();
    private static readonly TimeSpan LongestToken = TimeSpan.FromDays(1);

    [Fact]
    public void The_first_key_signs_at_once()
    {
        var first = Version(Start);
        Assert.Equal([first], At(Start, first).Signing);
    }

    [Fact]
    public void A_new_key_is_published_long_before_it_signs()
    {
        var (old, young) = (Version(Start), Version(Start.AddDays(30)));
        var announced = At(Start.AddDays(30), old, young);
        Assert.Equal([old], announced.Signing);
        Assert.Equal([old, young], announced.Published);
        Assert.Equal([old], At(Start.AddDays(31).AddTicks(-1), old, young).Signing);
        Assert.Equal([young], At(Start.AddDays(31), old, young).Signing);
    }

    [Fact]
    public void An_old_key_is_published_until_the_last_token_that_it_signed_has_expired()
    {
        var (old, young) = (Version(Start), Version(Start.AddDays(30)));
        var takeover = Start.AddDays(31) + (2 * Options.ClockSkew);
        Assert.Equal([old, young], At(takeover + LongestToken - TimeSpan.FromTicks(1), old, young).Published);
        var after = At(takeover + LongestToken, old, young);
        Assert.Equal([old, young], after.Published); // until the rollover timer has disabled it
        Assert.Equal([old], after.Retired);
    }

    [Fact]
    public void An_old_key_is_published_for_as_long_after_a_successor_that_the_vault_lets_sign_only_later()
    {
        var (old, young) = (Version(Start), Version(Start.AddDays(30)) with { NotBefore = Start.AddDays(35) });
        Assert.Equal([old], At((Start.AddDays(35) + Options.ClockSkew).AddTicks(-1), old, young).Signing);
        var takeover = At(Start.AddDays(35) + Options.ClockSkew, old, young);
        Assert.Equal([young], takeover.Signing);
        Assert.Equal([old, young], takeover.Published);
        Assert.Equal([old], At(Start.AddDays(35) + (3 * Options.ClockSkew) + LongestToken, old, young).Retired);
    }

    [Fact]
    public void An_expired_key_does_not_sign_but_verifies()
    {
        var (old, young) = (Version(Start), Version(Start.AddDays(30)) with { ExpiresAt = Start.AddDays(40) });
        var ring = At(Start.AddDays(40), old, young);
        Assert.Equal([old], ring.Signing);
        Assert.Contains(young, ring.Published);
    }

    [Fact]
    public void Instances_that_made_keys_in_the_same_second_choose_the_same()
    {
        var (one, other) = (Version(Start), Version(Start));
        Assert.Equal(At(Start, one, other).Signing, At(Start, other, one).Signing);
    }

    [Fact]
    public void Without_any_usable_key_nothing_signs() =>
        Assert.Empty(At(Start, Version(Start) with { NotBefore = Start.AddTicks(1) }).Signing);

    [Fact]
    public void The_kid_is_the_rfc_7638_thumbprint()
    {
        // The example of RFC 7638 §3.1.
        const string modulus = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        var key = PublicKey.FromRsa(new RSAParameters
        {
            Modulus = System.Buffers.Text.Base64Url.DecodeFromChars(modulus),
            Exponent = [1, 0, 1],
        });
        Assert.Equal("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", key.Kid);
    }

    private static KeyRing At(DateTimeOffset now, params KeyVersion[] versions) => KeyRing.At(versions, new KeyRingRules(Options.Announce, LongestToken, Options.ClockSkew), now);

    private static KeyVersion Version(DateTimeOffset created)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new KeyVersion { Id = Guid.NewGuid().ToString("n"), Vault = "vault", PublicKey = PublicKey.FromEc(key.ExportParameters(false)), CreatedAt = created };
    }
}
