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

    /// <summary>One of the two tokens before it, replaced within the grace window: a lost response, or requests that overlap.</summary>
    Recent,

    /// <summary>The token before it, after the grace window, while nobody has used the current one: its response was lost.</summary>
    Unanswered,

    /// <summary>An ancestor whose successor was used: somebody has a copy, and the family ends (RFC 9700 §4.14.2).</summary>
    Reused,
}

/// <summary>
/// Rotation of refresh tokens that never forks. The successor of a token is derived from it and from a salt that the
/// rotation wrote into the grant, so the tokens before the current one yield the same successors again, and the successor
/// itself is never stored.
/// <para>
/// A retry is not a theft, however late it comes: while nobody has used the current token, the one before it gets a new
/// successor, and the current one is dead. If a thief and the owner hold the same token, one of them soon presents a dead
/// one, and the family ends.
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
        // Half-open: a grace of zero honours nothing, not even a token of the same instant.
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

    /// <summary>
    /// The grant with another current token in place of the one that nobody has used, for who presents the <paramref name="previous"/> one.
    /// </summary>
    public static (Grant Grant, Handle Successor) Replace(Grant grant, Handle previous, DateTimeOffset now)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        var successor = SuccessorOf(previous, salt);
        return (grant with { RefreshHash = SecretHash.Of(successor.Secret), RotationSalt = salt, RotatedAt = now }, successor);
    }

    /// <summary>The current token, for who presents one of the two before it within the grace window.</summary>
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
