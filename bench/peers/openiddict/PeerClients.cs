using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace OpenIddictPeer;

/// <summary>A client of the server.</summary>
internal sealed record PeerClient(string Id, string Secret, Uri? RedirectUri, IReadOnlyList<string> GrantTypes, IReadOnlyList<string> Scopes);

/// <summary>The clients and the user that every measured server has.</summary>
internal static class PeerClients
{
    public const string Username = "alice";
    public const string Password = "Correct-Horse-7-Battery";
    public const string Api = "https://api.example";

    public static PeerClient Service { get; } = new("service", "a-secret-of-the-service-0123456789-abcdef", null, [GrantTypes.ClientCredentials], ["api.read"]);

    public static PeerClient Web { get; } = new(
        "web", "a-secret-of-the-web-app-0123456789-abcdef", new Uri("https://web.example/callback"),
        [GrantTypes.AuthorizationCode, GrantTypes.RefreshToken], [OpenIddictConstants.Scopes.OpenId, OpenIddictConstants.Scopes.OfflineAccess]);

    public static PeerClient? Find(string? id) => id == Service.Id ? Service : id == Web.Id ? Web : null;

    public static bool Matches(string? left, string right) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(left ?? "")), SHA256.HashData(Encoding.UTF8.GetBytes(right)));

    public static async Task RegisterAsync(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        var applications = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        foreach (var client in (PeerClient[])[Service, Web])
        {
            var application = new OpenIddictApplicationDescriptor
            {
                ClientId = client.Id,
                ClientSecret = client.Secret,
                ClientType = ClientTypes.Confidential,
                ConsentType = ConsentTypes.Implicit,
            };
            if (client.RedirectUri is { } target)
                application.RedirectUris.Add(target);
            application.Permissions.UnionWith(
            [
                Permissions.Endpoints.Token, Permissions.Endpoints.Authorization, Permissions.Endpoints.Introspection, Permissions.Endpoints.PushedAuthorization,
                Permissions.ResponseTypes.Code, .. client.GrantTypes.Select(name => Permissions.Prefixes.GrantType + name), .. client.Scopes.Select(name => Permissions.Prefixes.Scope + name),
            ]);
            await applications.CreateAsync(application);
        }
    }
}
