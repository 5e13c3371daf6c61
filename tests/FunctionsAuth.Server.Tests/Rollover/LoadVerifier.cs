using FunctionsAuth.Protocol.Wire;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FunctionsAuth.Server.Tests.Rollover;

/// <summary>
/// Verifies tokens as a careful client does, at issue and again in the last step before they expire, with the key set of the other
/// instance than the one that signed; it keeps each set for exactly as long as its headers allow, and never asks for an unknown kid.
/// </summary>
internal sealed class LoadVerifier(LoadCluster cluster, Lockstep steps, LoadFigures figures)
{
    private static readonly JsonWebTokenHandler Handler = new();

    private readonly CachedKeys[] caches = [.. Enumerable.Range(0, LoadCluster.Count).Select(instance => new CachedKeys(cluster, steps, figures, instance))];

    public async Task VerifyAsync(string token, int signedBy)
    {
        figures.Issued(token);
        var other = caches[(signedBy + 1) % LoadCluster.Count];
        await VerifyAsync(token, other, isNew: true);
        _ = steps.Begin(async () =>
        {
            await steps.WaitAsync(ExpiryOf(token) - Lockstep.Step - steps.Now);
            await VerifyAsync(token, other, isNew: false);
        });
    }

    private async Task VerifyAsync(string token, CachedKeys other, bool isNew)
    {
        try
        {
            var keys = await other.KeysAsync();
            var result = await Handler.ValidateTokenAsync(token, new TokenValidationParameters
            {
                ValidIssuer = RunningServer.Issuer,
                ValidateAudience = false,
                ValidAlgorithms = SigningAlgorithms.All,
                IssuerSigningKeys = keys,
                TryAllIssuerSigningKeys = false,
                CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false },
                LifetimeValidator = IsAlive,
            });
            if (result.IsValid)
                figures.Verified(isNew);
            else
                figures.Failed($"A token {(isNew ? "at issue" : "before its end")} has no key among {string.Join(", ", keys.Select(key => key.KeyId))}: {JsonAnswer.Header(token)} {result.Exception?.Message}");
        }
        catch (Exception e)
        {
            figures.Failed(e.Message);
        }
    }

    private bool IsAlive(DateTime? from, DateTime? end, SecurityToken token, TokenValidationParameters parameters) =>
        !(steps.Now.UtcDateTime < from) && steps.Now.UtcDateTime < end;

    private static DateTimeOffset ExpiryOf(string token) => DateTimeOffset.FromUnixTimeSeconds(JsonAnswer.Claims(token).GetProperty("exp").GetInt64());

    /// <summary>The key set of one instance. Its age counts from when it was asked for (RFC 9111 §4.2.3).</summary>
    private sealed class CachedKeys(LoadCluster cluster, Lockstep steps, LoadFigures figures, int instance)
    {
        private readonly SemaphoreSlim gate = new(1);
        private IList<SecurityKey> keys = [];
        private DateTimeOffset goodUntil;

        public async Task<IList<SecurityKey>> KeysAsync()
        {
            await gate.WaitAsync();
            try
            {
                if (steps.Now >= goodUntil)
                    await FetchAsync();
                return keys;
            }
            finally
            {
                gate.Release();
            }
        }

        private async Task FetchAsync()
        {
            var asked = steps.Now;
            var (answer, _) = await LoadRequests.SendAsync(cluster, figures, instance, new HttpRequestMessage(HttpMethod.Get, ".well-known/jwks.json"));
            answer.Response.EnsureSuccessStatusCode();
            figures.Fetched();
            goodUntil = asked + answer.Response.Headers.CacheControl!.MaxAge!.Value;
            // A set of its own for each fetch: nothing may remember an old one.
            var set = new JsonWebKeySet(answer.Body);
            keys = set.GetSigningKeys();
            foreach (var key in keys)
                key.CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false };
        }
    }
}
