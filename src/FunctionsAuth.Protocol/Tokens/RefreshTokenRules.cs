using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Tokens;

/// <summary>What a refresh token is worth now, as its grant tells.</summary>
public sealed class RefreshTokenRules(ServerOptions options, TimeProvider clock)
{
    public DateTimeOffset Now => clock.GetUtcNow();

    public RefreshTokenState StateOf(Grant grant, Handle token) => RefreshTokenFamily.Judge(grant, token, Now, options.Lifetimes.RefreshTokenGrace);

    /// <summary>The token was idle for too long, or its family is too old.</summary>
    public bool HasExpired(Grant grant, Client client)
    {
        var now = Now;
        return grant.RefreshUntil is not { } end || now >= end
            // A token that stays the same is idle only as long as its family lives.
            || (!client.RefreshTokenReuse && now >= grant.RotatedAt + client.RefreshIdleLifetime(options.Lifetimes));
    }
}
