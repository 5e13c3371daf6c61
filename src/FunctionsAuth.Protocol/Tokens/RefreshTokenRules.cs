using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Tokens;

/// <summary>The current validity of a refresh token, according to its grant.</summary>
public sealed class RefreshTokenRules(ServerOptions options, TimeProvider clock)
{
    public DateTimeOffset Now => clock.GetUtcNow();

    public RefreshTokenState StateOf(Grant grant, Handle token) => RefreshTokenFamily.Judge(grant, token, Now, options.Lifetimes.RefreshTokenGrace);

    /// <summary>The token was not used for too long, or the refresh tokens of the grant are too old.</summary>
    public bool HasExpired(Grant grant, Client client)
    {
        var now = Now;
        return grant.RefreshUntil is not { } end || now >= end
            // If the token does not rotate, only the end of the grant limits it.
            || (!client.RefreshTokenReuse && now >= grant.RotatedAt + client.RefreshIdleLifetime(options.Lifetimes));
    }
}
