namespace FunctionsAuth.Protocol.Configuration;

/// <summary>How long codes, tokens and sessions are valid, unless the client or the API has its own value. Times are written as <c>d.hh:mm:ss</c>.</summary>
public sealed record LifetimeOptions
{
    /// <summary>How long an authorization code is valid. RFC 6749, section 4.1.2, recommends at most 10 minutes.</summary>
    public TimeSpan AuthorizationCode { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long an access token is valid. A client or an API may have its own value.</summary>
    public TimeSpan AccessToken { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long an ID token is valid. A client may have its own value.</summary>
    public TimeSpan IdToken { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// No access token and no ID token is valid for longer, whatever a client or an API says. A retired key stays in the JWKS for this time.
    /// </summary>
    public TimeSpan LongestToken { get; init; } = TimeSpan.FromDays(1);

    /// <summary>
    /// When a chain of refresh tokens ends, counted from the first one. A refresh does not extend it. Without <c>offline_access</c>, the chain also ends
    /// with the session.
    /// </summary>
    public TimeSpan RefreshToken { get; init; } = TimeSpan.FromDays(30);

    /// <summary>A refresh token that is not used for this time becomes invalid.</summary>
    public TimeSpan RefreshTokenIdle { get; init; } = TimeSpan.FromDays(14);

    /// <summary>
    /// For this time after a refresh, the two refresh tokens before the current one return the current one again (docs/storage.md). With 0, each refresh
    /// token works only once.
    /// </summary>
    public TimeSpan RefreshTokenGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a pushed request is valid (RFC 9126, section 2.2). The browser must reach the authorization endpoint within this time.</summary>
    public TimeSpan PushedRequest { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How long a person may take to sign in and to consent.</summary>
    public TimeSpan Interaction { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The longest time that a session lasts.</summary>
    public TimeSpan Session { get; init; } = TimeSpan.FromHours(12);

    /// <summary>A session that is not used for this time ends.</summary>
    public TimeSpan SessionIdle { get; init; } = TimeSpan.FromHours(2);

    /// <summary>The longest time that a session lasts for people who chose "Keep me signed in".</summary>
    public TimeSpan RememberedSession { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Such a session ends if it is not used for this time.</summary>
    public TimeSpan RememberedSessionIdle { get; init; } = TimeSpan.FromDays(7);

    internal IEnumerable<string> Problems()
    {
        var day = TimeSpan.FromDays(1);
        var second = TimeSpan.FromSeconds(1);
        return Limit.Check(
        [
            new("Lifetimes:AuthorizationCode", AuthorizationCode, second, TimeSpan.FromMinutes(10)),
            new("Lifetimes:AccessToken", AccessToken, second, LongestToken),
            new("Lifetimes:IdToken", IdToken, second, LongestToken),
            new("Lifetimes:LongestToken", LongestToken, second, day),
            new("Lifetimes:RefreshToken", RefreshToken, second, 3650 * day),
            new("Lifetimes:RefreshTokenIdle", RefreshTokenIdle, second, 3650 * day),
            new("Lifetimes:RefreshTokenGrace", RefreshTokenGrace, TimeSpan.Zero, TimeSpan.FromMinutes(5)),
            new("Lifetimes:PushedRequest", PushedRequest, second, TimeSpan.FromMinutes(10)),
            new("Lifetimes:Interaction", Interaction, TimeSpan.FromMinutes(1), day),
            new("Lifetimes:Session", Session, second, 365 * day),
            new("Lifetimes:SessionIdle", SessionIdle, second, 365 * day),
            new("Lifetimes:RememberedSession", RememberedSession, second, 365 * day),
            new("Lifetimes:RememberedSessionIdle", RememberedSessionIdle, second, 365 * day),
        ]);
    }
}
