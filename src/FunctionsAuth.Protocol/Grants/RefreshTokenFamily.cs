using System.Security.Cryptography;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Grants;

/// <summary>The position of a refresh token in its grant.</summary>
public enum RefreshTokenState
{
    /// <summary>The secret in the token is wrong: a forgery, and nothing must change.</summary>
    Forged,

    /// <summary>The current token.</summary>
    Current,

    /// <summary>One of the two tokens before it, replaced within the grace period: a response was lost, or requests overlap.</summary>
    Recent,

    /// <summary>The token before the current one, after the grace period, when the current one was never used: its response was lost.</summary>
    Unanswered,

    /// <summary>An old token whose successor was used: somebody has a copy, so the grant is revoked (RFC 9700 §4.14.2).</summary>
    Reused,
}

/// <summary>
/// Rotation of refresh tokens with only one line of successors. The successor of a token is derived from the token and from a salt that the
/// rotation wrote into the grant. So an earlier token gives the same successor again, and the successor itself is never stored.
/// <para>
/// A late retry is not treated as theft: if the current token was never used, the token before it gets a new successor, and the current token
/// becomes invalid. If a thief and the owner have the same token, one of them soon sends an invalid token, and the grant is revoked.
/// </para>
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
        var isPrevious = SecretHash.Matches(token.Secret, grant.PreviousRefreshHash);
        var replacedAt = isPrevious ? grant.RotatedAt
            : SecretHash.Matches(token.Secret, grant.EarlierRefreshHash) ? grant.EarlierRotatedAt
            : null;
        // The interval excludes its end: a grace period of zero accepts no old token, even at the same instant.
        if (now < replacedAt + grace)
            return RefreshTokenState.Recent;
        return isPrevious && grace > TimeSpan.Zero ? RefreshTokenState.Unanswered : RefreshTokenState.Reused;
    }

    /// <summary>The grant after the rotation of <paramref name="current"/>, and the token that follows it.</summary>
    public static (Grant Grant, Handle Successor) Rotate(Grant grant, Handle current, DateTimeOffset now)
    {
        var replaced = grant with
        {
            PreviousRefreshHash = grant.RefreshHash,
            EarlierRefreshHash = grant.PreviousRefreshHash,
            EarlierRotationSalt = grant.RotationSalt,
            EarlierRotatedAt = grant.PreviousRefreshHash is null ? null : grant.RotatedAt,
        };
        return Replace(replaced, current, now);
    }

    /// <summary>The grant with a new current token in place of the one that was never used, for a client that sends the <paramref name="previous"/> one.</summary>
    public static (Grant Grant, Handle Successor) Replace(Grant grant, Handle previous, DateTimeOffset now)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        var successor = SuccessorOf(previous, salt);
        return (grant with { RefreshHash = SecretHash.Of(successor.Secret), RotationSalt = salt, RotatedAt = now }, successor);
    }

    /// <summary>The current token, for a client that sends one of the two tokens before it within the grace period.</summary>
    public static Handle CurrentOf(Grant grant, Handle recent)
    {
        var previous = SecretHash.Matches(recent.Secret, grant.PreviousRefreshHash) ? recent : SuccessorOf(recent, grant.EarlierRotationSalt!);
        return SuccessorOf(previous, grant.RotationSalt!);
    }

    /// <summary>The first refresh token of a grant whose code is being redeemed.</summary>
    public static (Grant Grant, Handle Token) Begin(Grant grant, Handle code, DateTimeOffset now)
    {
        var token = code with { Kind = HandleKind.RefreshToken, Secret = Handle.NewSecret() };
        return (grant with { RefreshHash = SecretHash.Of(token.Secret), RotatedAt = now }, token);
    }

    private static Handle SuccessorOf(Handle token, byte[] salt) => token with { Secret = HMACSHA256.HashData(token.Secret, salt) };
}
