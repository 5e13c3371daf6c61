using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.Protocol.Clients;

/// <summary>The lifetimes of a client's tokens: its own, or else the server's.</summary>
internal static class ClientLifetimes
{
    public static TimeSpan RefreshLifetime(this Client client, LifetimeOptions lifetimes) => client.RefreshTokenLifetime.OrElse(lifetimes.RefreshToken);

    public static TimeSpan RefreshIdleLifetime(this Client client, LifetimeOptions lifetimes) => client.RefreshTokenIdleLifetime.OrElse(lifetimes.RefreshTokenIdle);

    public static TimeSpan OrElse(this long? seconds, TimeSpan otherwise) => seconds is { } own ? TimeSpan.FromSeconds(own) : otherwise;
}
