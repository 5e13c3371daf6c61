using System.Diagnostics;
using FunctionsAuth.Protocol.Wire;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FunctionsAuth.Server.Tests.Rollover;

/// <summary>
/// Verifies tokens as a careful client does, at issue and again just before they expire, with the key set of the other instance
/// than the one that signed; it keeps each set for exactly as long as its headers allow, and never asks for an unknown kid.
/// </summary>
internal sealed class LoadVerifier(LoadCluster cluster, LoadFigures figures)
{
    private static readonly TimeSpan JustBefore = TimeSpan.FromMilliseconds(250);
    private static readonly JsonWebTokenHandler Handler = new();

    private readonly CachedKeys[] caches = [.. Enumerable.Range(0, LoadCluster.Count).Select(instance => new CachedKeys(cluster, figures, instance))];
    private readonly List<Task> pending = [];

    public async Task VerifyAsync(string token, int signedBy)
    {
        figures.Issued(token);
        var other = caches[(signedBy + 1) % LoadCluster.Count];
        await VerifyAsync(token, other, isNew: true);
        pending.Add(VerifyLaterAsync(token, other));
    }

    public Task CompleteAsync() => Task.WhenAll(pending);

    private async Task VerifyLaterAsync(string token, CachedKeys other)
    {
        var wait = ExpiryOf(token) - JustBefore - DateTimeOffset.UtcNow;
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait);
        await VerifyAsync(token, other, isNew: false);
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
                ClockSkew = TimeSpan.Zero,
            });
            if (result.IsValid)
                figures.Verified(isNew);
            else if (DateTimeOffset.UtcNow >= ExpiryOf(token))
                figures.CameLate();
            else
                figures.Failed($"A token {(isNew ? "at issue" : "before its end")} has no key among {string.Join(", ", keys.Select(key => key.KeyId))}: {JsonAnswer.Header(token)} {result.Exception?.Message}");
        }
        catch (Exception e)
        {
            figures.Failed(e.Message);
        }
    }

    private static DateTimeOffset ExpiryOf(string token) => DateTimeOffset.FromUnixTimeSeconds(JsonAnswer.Claims(token).GetProperty("exp").GetInt64());

    /// <summary>The key set of one instance. Its age counts from when it was asked for (RFC 9111 §4.2.3).</summary>
    private sealed class CachedKeys(LoadCluster cluster, LoadFigures figures, int instance)
    {
        private readonly SemaphoreSlim gate = new(1);
        private readonly Stopwatch age = new();
        private IList<SecurityKey> keys = [];
        private TimeSpan maxAge;

        public async Task<IList<SecurityKey>> KeysAsync()
        {
            await gate.WaitAsync();
            try
            {
                if (!age.IsRunning || age.Elapsed >= maxAge)
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
            age.Restart();
            var (answer, _) = await LoadRequests.SendAsync(cluster, figures, instance, new HttpRequestMessage(HttpMethod.Get, ".well-known/jwks.json"));
            answer.Response.EnsureSuccessStatusCode();
            figures.Fetched();
            maxAge = answer.Response.Headers.CacheControl!.MaxAge!.Value;
            // A set of its own for each fetch: nothing may remember an old one.
            var set = new JsonWebKeySet(answer.Body);
            keys = set.GetSigningKeys();
            foreach (var key in keys)
                key.CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false };
        }
    }
}
