using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Core;

namespace OpenIddictPeer.Stores;

/// <summary>Stores that cost as little as stores can: dictionaries in memory.</summary>
internal static class MemoryStores
{
    /// <param name="hashesFast">Secrets of clients are long and random, so SHA-256 is enough for them. OpenIddict's own hash is made for passwords.</param>
    public static void Use(OpenIddictCoreBuilder core, bool hashesFast)
    {
        core.SetDefaultApplicationEntity<Application>().SetDefaultAuthorizationEntity<Authorization>()
            .SetDefaultScopeEntity<object>().SetDefaultTokenEntity<Token>();
        core.Services.AddSingleton<IOpenIddictApplicationStore<Application>, ApplicationStore>();
        core.Services.AddSingleton<IOpenIddictAuthorizationStore<Authorization>, AuthorizationStore>();
        core.Services.AddSingleton<IOpenIddictTokenStore<Token>, TokenStore>();
        // All scopes are registered with the options, so that nothing is asked of it.
        core.Services.AddSingleton(DispatchProxy.Create<IOpenIddictScopeStore<object>, Unused>());
        if (hashesFast)
            core.ReplaceApplicationManager<Application, FastApplications>();
    }
}

/// <summary>A store that nobody asks.</summary>
#pragma warning disable CA1852 // DispatchProxy derives a class from it at run time.
internal class Unused : DispatchProxy
{
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw new NotSupportedException(targetMethod?.Name);
}
#pragma warning restore CA1852

/// <summary>Keeps the SHA-256 of a secret, as FunctionsAuth does.</summary>
internal sealed class FastApplications(
    IOpenIddictApplicationCache<Application> cache, ILogger<OpenIddictApplicationManager<Application>> log, IOptionsMonitor<OpenIddictCoreOptions> options,
    IOpenIddictApplicationStore<Application> store)
    : OpenIddictApplicationManager<Application>(cache, log, options, store)
{
    protected override ValueTask<string> ObfuscateClientSecretAsync(string secret, CancellationToken cancellationToken = default) => new(Convert.ToHexString(Hash(secret)));

    protected override ValueTask<bool> ValidateClientSecretAsync(string secret, string comparand, CancellationToken cancellationToken = default) =>
        new(CryptographicOperations.FixedTimeEquals(Hash(secret), Convert.FromHexString(comparand)));

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
