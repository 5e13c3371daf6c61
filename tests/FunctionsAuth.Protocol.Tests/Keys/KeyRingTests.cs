using System.Buffers.Text;
using System.Security.Cryptography;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.Protocol.Tests.Keys;

/// <summary>With the default settings: announced for a day, tokens live for a day, clocks differ by 5 minutes.</summary>
public sealed class KeyRingTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly TimeSpan LongestToken = TimeSpan.FromDays(1);
    private static readonly KeyOptions Options = new();

    private int made;

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
        Assert.Equal([old], At(Start.AddDays(31) - Tick, old, young).Signing);
        Assert.Equal([young], At(Start.AddDays(31), old, young).Signing);
    }

    [Fact]
    public void An_old_key_is_published_until_the_last_token_that_it_signed_has_expired()
    {
        var (old, young) = (Version(Start), Version(Start.AddDays(30)));
        var end = Start.AddDays(31) + (2 * Options.ClockSkew) + LongestToken;
        Assert.Empty(At(end - Tick, old, young).Retired);
        var after = At(end, old, young);
        Assert.Equal([old], after.Retired);
        Assert.Equal([old, young], after.Published); // until the rollover timer has disabled it
    }

    [Fact]
    public void An_old_key_is_published_for_as_long_after_a_successor_that_the_vault_lets_sign_only_later()
    {
        var (old, young) = (Version(Start), Version(Start.AddDays(30)) with { NotBefore = Start.AddDays(35) });
        var takeover = Start.AddDays(35) + Options.ClockSkew;
        Assert.Equal([old], At(takeover - Tick, old, young).Signing);
        Assert.Equal([young], At(takeover, old, young).Signing);
        Assert.Empty(At(takeover + (2 * Options.ClockSkew) + LongestToken - Tick, old, young).Retired);
        Assert.Equal([old], At(takeover + (2 * Options.ClockSkew) + LongestToken, old, young).Retired);
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
    public void A_key_stops_signing_before_any_clock_says_that_it_has_expired_unless_it_is_the_last()
    {
        var (old, young) = (Version(Start), Version(Start.AddDays(30)) with { ExpiresAt = Start.AddDays(40) });
        Assert.Equal([young], At(Start.AddDays(40) - Options.ClockSkew - Tick, old, young).Signing);
        Assert.Equal([old], At(Start.AddDays(40) - Options.ClockSkew, old, young).Signing);
        Assert.Equal([young], At(Start.AddDays(40) - Tick, young).Signing);
        Assert.Empty(At(Start.AddDays(40), young).Signing);
    }

    [Fact]
    public void An_expired_key_leaves_the_JWKS_when_its_last_token_has_expired_even_if_nobody_disables_it()
    {
        var (old, young) = (Version(Start) with { ExpiresAt = Start.AddDays(40) }, Version(Start.AddDays(30)));
        var end = Start.AddDays(40) + (2 * Options.ClockSkew) + LongestToken;
        // Long retired; but who has not read yet that the young one was disabled must still verify what others sign with the old one.
        Assert.Equal([old, young], At(end - Tick, old, young).Published);
        Assert.Equal([young], At(end, old, young).Published);
    }

    [Fact]
    public void A_key_that_signed_again_after_its_successor_expired_is_not_retired()
    {
        var (old, young) = (Version(Start), Version(Start.AddDays(30)) with { ExpiresAt = Start.AddDays(40) });
        var third = Version(Start.AddDays(41));
        Assert.Equal([old], At(Start.AddDays(38), old, young, third).Retired);
        // From then on the young one may end before every instance knew that the old one is disabled.
        Assert.Empty(At(Start.AddDays(39), old, young, third).Retired);
        Assert.Equal([old], At(Start.AddDays(41), old, young, third).Signing);
        var takeover = Start.AddDays(42);
        Assert.Equal([third], At(takeover, old, young, third).Signing);
        Assert.DoesNotContain(old, At(takeover + LongestToken, old, young, third).Retired);
        Assert.Contains(old, At(takeover + LongestToken + (2 * Options.ClockSkew), old, young, third).Retired);
    }

    [Fact]
    public void A_key_whose_expiry_was_set_to_the_past_verifies_what_it_signed_until_then()
    {
        var (old, young) = (Version(Start), Version(Start.AddDays(60)));
        Assert.Equal([old], At(Start.AddDays(60.5) - Tick, old, young).Signing);
        var ended = old with { ExpiresAt = Start.AddDays(30), UpdatedAt = Start.AddDays(60.5) };
        var ring = At(Start.AddDays(60.5), ended, young);
        Assert.Equal([young], ring.Signing);
        Assert.Equal([ended, young], ring.Published);
        Assert.Empty(ring.Retired);
        Assert.Empty(At(Start.AddDays(61.5), ended, young).Retired);
    }

    [Fact]
    public void A_version_that_was_enabled_again_is_announced_anew_and_the_one_that_signed_meanwhile_goes_on()
    {
        var (old, young) = (Version(Start), Version(Start.AddDays(30)));
        Assert.Equal([young], At(Start.AddDays(31), old, young).Signing);
        Assert.Equal([old], At(Start.AddDays(31.5), old).Signing); // somebody disabled it
        var again = young with { UpdatedAt = Start.AddDays(35) };
        var takeover = Start.AddDays(36);
        Assert.Equal([old], At(takeover - Tick, old, again).Signing);
        Assert.Equal([again], At(takeover, old, again).Signing);
        Assert.Equal([old, again], At(takeover + LongestToken + (2 * Options.ClockSkew) - Tick, old, again).Published);
        Assert.Empty(At(takeover + LongestToken + (2 * Options.ClockSkew) - Tick, old, again).Retired);
        Assert.Equal([old], At(takeover + LongestToken + (2 * Options.ClockSkew), old, again).Retired);
    }

    [Fact]
    public void A_changed_tag_can_only_make_a_version_wait_and_never_leaves_the_server_without_a_key()
    {
        var (old, young) = (Version(Start), Version(Start.AddDays(30)));
        var tagged = young with { UpdatedAt = Start.AddDays(50) };
        // The vault doesn't say what was changed. An earlier version that is still enabled signs meanwhile.
        Assert.Equal([old], At(Start.AddDays(50), old, tagged).Signing);
        Assert.Equal([old, tagged], At(Start.AddDays(50), old, tagged).Published);
        Assert.Equal([tagged], At(Start.AddDays(50), tagged).Signing);
        // Nor does one that was announced later: no client may know it yet.
        var next = Version(Start.AddDays(49.5));
        Assert.Equal([tagged], At(Start.AddDays(50), tagged, next).Signing);
        Assert.Equal([next], At(Start.AddDays(50.5), tagged, next).Signing);
    }

    [Fact]
    public void Instances_that_made_keys_in_the_same_second_choose_the_same()
    {
        var (one, other) = (Version(Start), Version(Start));
        Assert.Equal(At(Start, one, other).Signing, At(Start, other, one).Signing);
    }

    [Fact]
    public void Without_any_usable_key_nothing_signs() =>
        Assert.Empty(At(Start, Version(Start) with { NotBefore = Start + Tick }).Signing);

    [Fact]
    public void Vaults_share_the_work_each_with_its_newest_announced_version()
    {
        var (old, young) = (Version(Start, "a"), Version(Start.AddDays(30), "a"));
        var other = Version(Start.AddDays(10), "b");
        var ring = At(Start.AddDays(31), old, young, other);
        Assert.Equal([young, other], ring.Signing);
        Assert.Equal(2, ring.Spread);
        Assert.Equal([old, other, young], ring.Published);
        // The one is no successor of the other.
        Assert.Equal([old], At(Start.AddDays(100), old, young, other).Retired);
    }

    [Fact]
    public void A_vault_that_was_added_signs_nothing_until_its_first_version_was_announced()
    {
        var (known, added) = (Version(Start, "b"), Version(Start.AddDays(30), "a"));
        var ring = At(Start.AddDays(31) - Tick, known, added);
        Assert.Equal([known], ring.Signing);
        Assert.Equal([known, added], ring.Published);
        Assert.Equal([added, known], At(Start.AddDays(31), known, added).Signing);
    }

    [Fact]
    public void At_the_first_start_one_vault_signs_and_the_others_stand_in()
    {
        var (second, first) = (Version(Start.AddSeconds(1), "a"), Version(Start, "b"));
        var ring = At(Start.AddSeconds(1), second, first);
        Assert.Equal([first, second], ring.Signing);
        Assert.Equal(1, ring.Spread);
        Assert.Equal(2, At(Start.AddDays(1).AddSeconds(1), second, first).Spread);
    }

    [Fact]
    public void A_reserve_is_published_and_signs_only_when_nothing_else_can()
    {
        var reserve = Version(Start, "a") with { IsReserve = true };
        var (main, added) = (Version(Start, "b"), Version(Start.AddDays(30), "c"));
        var ring = At(Start.AddDays(30), reserve, main, added);
        Assert.Equal([main, reserve], ring.Signing);
        Assert.Equal(1, ring.Spread);
        Assert.Contains(reserve, ring.Published);
        Assert.Equal([reserve], At(Start.AddDays(31) - Tick, reserve, added).Signing);
        Assert.Equal([added, reserve], At(Start.AddDays(31), reserve, added).Signing);
    }

    [Fact]
    public void The_kid_is_the_rfc_7638_thumbprint()
    {
        // The example of RFC 7638 §3.1.
        const string modulus = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        var key = PublicKey.FromRsa(new RSAParameters { Modulus = Base64Url.DecodeFromChars(modulus), Exponent = [1, 0, 1] });
        Assert.Equal("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", key.Kid);
    }

    private static KeyRing At(DateTimeOffset now, params KeyVersion[] versions) =>
        KeyRing.At(versions, new KeyRingRules(Options.Announce, LongestToken, Options.ClockSkew), now);

    private KeyVersion Version(DateTimeOffset created, string vault = "vault")
    {
        var number = made++;
        return new KeyVersion { Id = $"{vault}/{number}", Store = vault, PublicKey = TestKeys.Number(number), CreatedAt = created };
    }
}
