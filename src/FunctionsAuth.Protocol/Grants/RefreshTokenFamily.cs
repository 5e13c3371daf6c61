using System.Security.Cryptography;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Grants;

/// <summary>What a refresh token is, compared with what its grant says.</summary>
public enum RefreshTokenState
{
    /// <summary>Its family secret is wrong: a forgery, and nothing may change.</summary>
    Forged,

    /// <summary>The current token.</summary>
    Current,

    /// <summary>The token before it, within the grace window: a lost response or a second tab.</summary>
    Previous,

    /// <summary>An ancestor, however old: somebody has a copy, and the family ends (RFC 9700 §4.14.2).</summary>
    Reused,
}

/// <summary>
/// Rotation of refresh tokens that never forks. The successor of a token is derived from it and from a salt that the
/// rotation wrote into the grant, so the token before the current one yields the same successor again, and the successor
/// itself is never stored.
/// </summary>
public static class RefreshTokenFamily
{
    private const int SaltLength = 16;

    public static RefreshTokenState Judge(Grant grant, Handle token, DateTimeOffset now, TimeSpan grace)
    {
        if (!grant.IsFamily(token))
            return RefreshTokenState.Forged;
        if (SecretHash.Matches(token.Secret, grant.RefreshHash))
            return RefreshTokenState.Current;
        // Half-open: a grace of zero honours nothing, not even a token of the same instant.
        return SecretHash.Matches(token.Secret, grant.PreviousRefreshHash) && now < grant.RotatedAt + grace
            ? RefreshTokenState.Previous
            : RefreshTokenState.Reused;
    }

    /// <summary>The grant after the rotation of <paramref name="current"/>, and the token that follows it.</summary>
    public static (Grant Grant, Handle Successor) Rotate(Grant grant, Handle current, DateTimeOffset now)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        var successor = SuccessorOf(current, salt);
        var rotated = grant with
        {
            RefreshHash = SecretHash.Of(successor.Secret),
            PreviousRefreshHash = grant.RefreshHash,
            RotationSalt = salt,
            RotatedAt = now,
        };
        return (rotated, successor);
    }

    /// <summary>The current token, for who presents the one before it within the grace window.</summary>
    public static Handle SuccessorOf(Grant grant, Handle previous) => SuccessorOf(previous, grant.RotationSalt!);

    /// <summary>The first refresh token of a grant whose code is being redeemed.</summary>
    public static (Grant Grant, Handle Token) Begin(Grant grant, Handle code, DateTimeOffset now)
    {
        var token = code with { Kind = HandleKind.RefreshToken, Secret = Handle.NewSecret() };
        return (grant with { RefreshHash = SecretHash.Of(token.Secret), RotatedAt = now }, token);
    }

    private static Handle SuccessorOf(Handle token, byte[] salt) => token with { Secret = HMACSHA256.HashData(token.Secret, salt) };
}
