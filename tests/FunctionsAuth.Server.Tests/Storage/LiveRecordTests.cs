using FunctionsAuth.Functions;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Prune;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Server.Tests.Storage;

/// <summary>A record is never pruned while a token of it is live, however late in its life that token was issued.</summary>
public sealed class LiveRecordTests(LiveRecordTests.LongTokens shared) : IClassFixture<LiveRecordTests.LongTokens>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Access tokens that live as long as any may, and refresh tokens that end soon.</summary>
    public sealed class LongTokens : SharedServer
    {
        protected override ServerSetup Setup() => new()
        {
            Settings =
            {
                ["Lifetimes:AccessToken"] = "06:00:00",
                ["Lifetimes:LongestToken"] = "06:00:00",
                ["Lifetimes:RefreshToken"] = "05:17:00",
                ["Lifetimes:Session"] = "03:41:00",
                ["Lifetimes:SessionIdle"] = "03:41:00",
                ["Keys:RotateEvery"] = "00:00:00",
            },
        };
    }

    // At each minute of the hour that matters, for a grant without refresh tokens, one bound to its session, and one that is not.
    public static TheoryData<string, string, int> Grants
    {
        get
        {
            var data = new TheoryData<string, string, int>();
            foreach (var minute in (int[])[0, 1, 17, 18, 19, 41, 58, 59])
            {
                data.Add("post", "openid", minute);
                data.Add("web", "openid", minute);
                data.Add("web", "openid offline_access", minute);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Grants))]
    public async Task The_last_token_of_a_grant_finds_it_until_it_expires(string clientId, string scope, int minute)
    {
        var clock = shared.Server.Clock;
        // The hour of the grant's end begins where the minute of its birth decides.
        clock.Advance(TimeSpan.FromMinutes((60 + minute - clock.GetUtcNow().Minute) % 60) + TimeSpan.FromSeconds((60 - clock.GetUtcNow().Second) % 60));
        var app = shared.App(clientId);
        var code = await new Browser(shared.Server).CodeAsync(app, clientId, scope);
        var grant = (await shared.Server.Get<IGrantStore>().FindAsync(Handles.AddressOf(code), default))!;

        // Redeemed, and where possible refreshed, at the last moment.
        clock.Advance(grant.CodeExpiresAt - clock.GetUtcNow() - Second);
        var tokens = (await app.RedeemAsync(code)).ShouldBeOk();
        if (grant.RefreshUntil is { } end)
        {
            clock.Advance(end - clock.GetUtcNow() - Second);
            tokens = (await app.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        }
        var expires = DateTimeOffset.FromUnixTimeSeconds(JsonAnswer.Claims(tokens.AccessToken).GetProperty("exp").GetInt64());
        Assert.True(expires - clock.GetUtcNow() == TimeSpan.FromHours(6));

        clock.Advance(expires - clock.GetUtcNow() - Second);
        await new PruneFunction(shared.Server.Get<Pruner>()).Run(new TimerInfo(), CancellationToken.None);
        (await app.UserInfoAsync(tokens.AccessToken)).ShouldBeOk();
        Assert.True((await app.IntrospectAsync(tokens.AccessToken)).IsActive);
        // And it can still be revoked.
        (await app.RevokeAsync(tokens.AccessToken)).ShouldBeOk();
        (await app.IntrospectAsync(tokens.AccessToken)).ShouldBeInactive();
    }
}
