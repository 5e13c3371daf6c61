namespace FunctionsAuth.Protocol.Configuration;

/// <summary>How long things live, unless the client or the resource says otherwise. Written as <c>d.hh:mm:ss</c>.</summary>
public sealed record LifetimeOptions
{
    /// <summary>RFC 6749 §4.1.2 recommends at most 10 minutes; a client redeems at once, so one is plenty.</summary>
    public TimeSpan AuthorizationCode { get; init; } = TimeSpan.FromMinutes(1);

    public TimeSpan AccessToken { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan IdToken { get; init; } = TimeSpan.FromHours(1);

    /// <summary>No client and no resource can have longer access or ID tokens: for so long a retired key stays in the JWKS.</summary>
    public TimeSpan LongestToken { get; init; } = TimeSpan.FromDays(1);

    /// <summary>The absolute end of a refresh token's family: rotation never moves it.</summary>
    public TimeSpan RefreshToken { get; init; } = TimeSpan.FromDays(30);

    /// <summary>A refresh token that is not used for this long dies.</summary>
    public TimeSpan RefreshTokenIdle { get; init; } = TimeSpan.FromDays(14);

    /// <summary>For this long after a rotation the token before yields the same successor; 0 switches that off.</summary>
    public TimeSpan RefreshTokenGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>So soon the person must follow the link of a request that was pushed (RFC 9126 §2.2).</summary>
    public TimeSpan PushedRequest { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How long a person may take to sign in and consent.</summary>
    public TimeSpan Interaction { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan Session { get; init; } = TimeSpan.FromHours(12);

    public TimeSpan SessionIdle { get; init; } = TimeSpan.FromHours(2);

    /// <summary>"Keep me signed in".</summary>
    public TimeSpan RememberedSession { get; init; } = TimeSpan.FromDays(30);

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
