using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Grants;

namespace FunctionsAuth.Protocol.Token;

/// <summary>The clock of refreshes: now, and when a token was idle or old for too long.</summary>
public sealed class RefreshTimes(ServerOptions options, TimeProvider clock)
{
    public DateTimeOffset Now => clock.GetUtcNow();

    public TimeSpan Grace => options.Lifetimes.RefreshTokenGrace;

    public bool HasExpired(Grant grant, Client client)
    {
        var now = Now;
        return grant.RefreshUntil is not { } end || now >= end
            // A token that stays the same is idle only as long as its family lives.
            || (!client.RefreshTokenReuse && now >= grant.RotatedAt + client.RefreshIdleLifetime(options.Lifetimes));
    }
}
