using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Endpoints.Portal;

/// <summary>The clients of the portal. Their list is cached for <see cref="ServerOptions.CacheFor"/>, like the clients themselves.</summary>
public sealed class PortalApps(IClientStore store, ClientRegistry clients, ServerUrls urls, ServerOptions options, TimeProvider clock)
{
    private const string Key = "portal";

    private readonly BoundedCache<string, IReadOnlyList<string>> cache = new(1, options.CacheFor, clock);

    /// <summary>The apps that the groups of the user allow, by name.</summary>
    public async Task<IReadOnlyList<PortalApp>> OfAsync(User user, CancellationToken cancellation)
    {
        List<PortalApp> apps = [];
        foreach (var id in await cache.GetAsync(Key, _ => store.ListInPortalAsync(CancellationToken.None), cancellation) ?? [])
        {
            if (await clients.FindAsync(id, cancellation) is { IsInPortal: true } client && client.Admits(user.Groups, client.Scopes))
                apps.Add(new PortalApp(client.ForPage(), AddressOf(client), client.ClientDescription is { } text ? Phrase.Named(text, LocalTexts.Of(client.Localized, "client_description")) : null));
        }
        return [.. apps.OrderBy(app => app.Client.Name, StringComparer.CurrentCultureIgnoreCase)];
    }

    /// <summary>OpenID Connect Core §4: a client that begins a login for others needs to know which server it is.</summary>
    private Uri AddressOf(Client client) => client.InitiateLoginUri is { } begin
        ? new Uri(Redirect.Append(begin.AbsoluteUri, '?', [new(Parameter.Iss, urls.Issuer)]))
        : client.ClientUri!;
}
