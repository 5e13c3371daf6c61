using System.Text.RegularExpressions;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Clients;

/// <summary>
/// The clients as endpoints see them: cached for <see cref="ServerOptions.CacheFor"/>, so that a request costs no read.
/// Unknown ids are cached, too, or a flood of them would be a flood of reads.
/// </summary>
public sealed partial class ClientRegistry(IClientStore store, ServerOptions options, TimeProvider clock)
{
    private readonly BoundedCache<string, Client?> cache = new(10_000, options.CacheFor, clock);

    /// <summary>The enabled client of that id, or null.</summary>
    public async ValueTask<Client?> FindAsync(string clientId, CancellationToken cancellation)
    {
        if (!ClientId().IsMatch(clientId))
            return null;
        var client = await cache.GetAsync(clientId, id => store.FindAsync(id, CancellationToken.None), cancellation);
        return client is { Disabled: false } ? client : null;
    }

    /// <summary>What a client id may look like (RFC 6749 appendix A.1 narrowed to what needs no escaping anywhere).</summary>
    [GeneratedRegex(@"^[A-Za-z0-9._~-]{1,200}\z", RegexOptions.CultureInvariant)]
    public static partial Regex ClientId();
}
