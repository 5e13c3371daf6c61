using System.Text.Json;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Fetch;
using FunctionsAuth.Protocol.Rules;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Text;

namespace FunctionsAuth.Protocol.Registry;

/// <summary>
/// Rules for clients that registered themselves or are known by a metadata document. Requests beyond these rules are left out if RFC 7591 §2 allows
/// it, and refused if the client would not work without them.
/// </summary>
public sealed class RegistrantRules(ScopeRegistry scopes, ClientFetcher fetcher, SectorDocuments sectors, ServerOptions options, FeatureSet features)
{
    private const int LongestName = 100;

    // It is stored in one property of a row: 32,767 characters.
    private const int LargestClient = 30_000;

    /// <summary>Reduces the requested metadata to what the client may have.</summary>
    /// <exception cref="OAuthException">
    /// <c>invalid_redirect_uri</c> or <c>invalid_client_metadata</c> (RFC 7591 §3.2.2), naming the member.
    /// </exception>
    public async Task<Client> AdmitAsync(Client client, CancellationToken cancellation)
    {
        client = await FitAsync(client, cancellation);
        await CheckSectorAsync(client, cancellation);
        return client;
    }

    /// <inheritdoc cref="SectorDocuments.CheckAsync"/>
    public Task CheckSectorAsync(Client client, CancellationToken cancellation) => sectors.CheckAsync(client, cancellation);

    /// <summary>Like <see cref="AdmitAsync"/>, without the checks that need a fetch: see <see cref="CheckSectorAsync"/>.</summary>
    /// <exception cref="OAuthException">As there.</exception>
    public async Task<Client> FitAsync(Client client, CancellationToken cancellation)
    {
        var catalog = await scopes.LoadAsync(cancellation);
        client = Fit(client, catalog);
        foreach (var (member, problem) in ProblemsOf(client, catalog))
            throw RegistrationError.For(member, problem);
        return client;
    }

    /// <summary>RFC 7591 §2: the server may replace requested values. Unknown grant types and response types do no harm.</summary>
    private Client Fit(Client client, Catalog catalog)
    {
        var known = client.GrantTypes.Where(name => features.FindGrantType(name) is not null).ToList();
        var responseTypes = client.ResponseTypes.Where(type => ResponseTypeNames.Normalize(type) is not null).ToList();
        client = client with
        {
            ResponseTypes = responseTypes.Count > 0 ? responseTypes : client.ResponseTypes,
            GrantTypes = known.Count > 0 ? known : client.GrantTypes,
            Resources = [.. options.Registration.Resources.Select(catalog.Registered).Where(name => catalog.FindResource(name) is not null)],
            // Only an operator can decide that ID tokens have more claims.
            IdTokenClaims = [],
            RequiredAcr = null,
            RequirePkce = options.Registration.RequirePkce || client.IsPublic,
        };
        var allowed = options.Registration.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Where(name => catalog.FindScope(name) is not null)
            .Where(name => name != StandardScopes.OfflineAccess || client.MayUse(GrantTypeNames.RefreshToken));
        var granted = client.Scope.Length == 0 ? allowed : allowed.Where(client.Scopes.Contains);
        return client with { Scope = string.Join(' ', granted.Distinct()) };
    }

    private IEnumerable<ClientProblem> ProblemsOf(Client client, Catalog catalog) =>
    [
        .. Access(client), .. Name(client), .. Urls(client), .. WebClients(client), .. PrivateUseSchemes(client),
        // The id comes from the server, or is the address that was just fetched.
        .. ClientRules.ProblemsOf(client, catalog, features).Where(problem => problem.Member != Parameter.ClientId),
        .. Size(client),
    ];

    private IEnumerable<ClientProblem> Access(Client client)
    {
        foreach (var (index, grantType) in client.GrantTypes.Index())
        {
            if (features.FindGrantType(grantType)?.ProblemOfRegistrant(options) is { } problem)
                yield return new($"grant_types[{index}]", problem);
        }
        if (features.FindClientAuthentication(client.TokenEndpointAuthMethod) is { } method && !(method.IsOpenToRegistrants && method.IsOn(options)))
            yield return new("token_endpoint_auth_method", $"must not be {method.Name} for a client that registers itself");
        if (client.TlsClientCertificateBoundAccessTokens && !options.ClientCertificates.IsOn)
            yield return new("tls_client_certificate_bound_access_tokens", "must not be true: this server does not receive client certificates");
        foreach (var (index, type) in client.ResponseTypes.Index())
        {
            if (ResponseTypeNames.IsLegacy(type) && !options.Legacy.ImplicitAndHybrid)
                yield return new($"response_types[{index}]", "must be code: this server does not return tokens through the browser");
        }
        if (client.Scope.Length == 0)
            yield return new("scope", "has no scope that a client may have that registers itself");
    }

    /// <summary>Users read the name and decide by it, so it must not change how the text around it looks.</summary>
    private static IEnumerable<ClientProblem> Name(Client client)
    {
        if (client.ClientName is { } name && ShownText.HasHiddenMeaning(name))
            yield return new("client_name", "must have no control characters");
        (string Member, string? Text)[] names = [("client_name", client.ClientName), .. (client.Localized ?? new Dictionary<string, string>()).Select(entry => (entry.Key, entry.Value))];
        foreach (var (member, _) in names.Where(entry => entry.Text?.Length > LongestName))
            yield return new(member, $"must have at most {LongestName} characters");
    }

    /// <summary>The addresses from which the server itself would fetch, or to which it would post.</summary>
    private IEnumerable<ClientProblem> Urls(Client client)
    {
        (string Member, Uri? Url)[] urls =
        [
            ("jwks_uri", client.JwksUri), ("sector_identifier_uri", client.SectorIdentifierUri), ("backchannel_logout_uri", client.BackchannelLogoutUri),
            // A fragment in them is ignored.
            .. client.RequestUris.Index().Select(entry => ($"request_uris[{entry.Index}]", WithoutFragment(entry.Item))),
        ];
        return from entry in urls
               where entry.Url is not null
               let problem = fetcher.ProblemOf(entry.Url)
               where problem is not null
               select new ClientProblem(entry.Member, problem);
    }

    private static Uri? WithoutFragment(Uri url) => url.IsAbsoluteUri ? new Uri(url.AbsoluteUri.Split('#')[0]) : url;

    /// <summary>OpenID Connect Registration §2, application_type: a token in the address of a page must not be sent unencrypted.</summary>
    private static IEnumerable<ClientProblem> WebClients(Client client) =>
        client.ApplicationType == ApplicationTypes.Web && client.MayUse(GrantTypeNames.Implicit)
            ? ClientRules.EachOf("redirect_uris", client.RedirectUris, uri =>
                RedirectUriRules.AssuresClient(uri) ? null : "must be https, as application_type is web and grant_types has implicit")
            : [];

    private IEnumerable<ClientProblem> PrivateUseSchemes(Client client)
    {
        var schemes = options.Registration.PrivateUseSchemeList;
        return
        [
            .. ClientRules.EachOf("redirect_uris", client.RedirectUris, uri => RedirectUriRules.ProblemOfRegistrant(uri, schemes)),
            .. ClientRules.EachOf("post_logout_redirect_uris", client.PostLogoutRedirectUris, uri => RedirectUriRules.ProblemOfRegistrant(uri, schemes)),
        ];
    }

    private static IEnumerable<ClientProblem> Size(Client client)
    {
        if (JsonSerializer.Serialize(client, RecordJson.Options).Length > LargestClient)
            yield return new("The metadata", $"is too large: at most {LargestClient} characters can be stored");
    }
}
