using System.Globalization;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Telemetry;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Register;

/// <summary>
/// Who may register a client. A registration is one use, and a use is taken by one compare-and-swap: of any number at once no more get
/// through than the limit says, over all instances. In open mode a source has a limit of its own, and the limit of all is spread over several
/// records, so that not everybody writes the same one.
/// </summary>
public sealed class RegistrationGate(IInitialAccessStore store, RequestSource source, ServerOptions options, TimeProvider clock)
{
    private const int MostShards = 16;

    // While an hour is used up nothing is read for those who come all the same. A moment in ticks of UTC.
    private long usedUpUntil;

    private RegistrationOptions Limits => options.Registration;

    /// <summary>Finds out whether the request may register at all. Nothing is used up by that.</summary>
    /// <returns>What its token allows; null for open mode.</returns>
    /// <exception cref="OAuthException"><c>invalid_token</c>; a challenge where there is no token but must be one; 429.</exception>
    public async Task<InitialAccess?> FindAsync(HttpContext http, CancellationToken cancellation)
    {
        if (RegistrationRequest.BearerOf(http.Request) is { } text)
        {
            var access = InitialAccessToken.TryParse(text, out var token) ? await store.FindAsync(token.Address, cancellation) : null;
            return IsGood(access) && SecretHash.Matches(token!.Secret, access!.SecretHash) ? access : throw NotValid();
        }
        if (Limits.Mode != RegistrationOptions.Open)
            throw RegistrationError.NoToken("An initial access token");
        return clock.GetUtcNow().UtcTicks < Volatile.Read(ref usedUpUntil) ? throw TooMany() : null;
    }

    /// <summary>Takes one use.</summary>
    /// <param name="token">As <see cref="FindAsync"/> gave it.</param>
    /// <returns>Where a use was taken.</returns>
    /// <exception cref="OAuthException">None is left, or the token was revoked meanwhile.</exception>
    public async Task<IReadOnlyList<InitialAccess>> TakeAsync(InitialAccess? token, CancellationToken cancellation)
    {
        if (token is not null)
            return [await TryTakeAsync(token, () => throw NotValid(), token.Limit, cancellation) ?? throw NotValid()];
        List<InitialAccess> taken = [];
        if (source.Current is { } network)
            taken.Add(await TryTakeHourAsync($"from {network}", Limits.OpenLimitPerSource, cancellation) ?? throw TooMany());
        taken.Add(await TakeOfAllAsync(cancellation));
        return taken;
    }

    /// <summary>Gives a use back, if storage lets us: the registration that it was for has failed.</summary>
    public async Task GiveBackAsync(IReadOnlyList<InitialAccess> taken, CancellationToken cancellation)
    {
        try
        {
            foreach (var access in taken)
                await CompareAndSwap.ChangeAsync(access, current => current is { Used: > 0 } ? current with { Used = current.Used - 1 } : null, store.TrySaveAsync, cancellation);
            Volatile.Write(ref usedUpUntil, 0);
        }
        catch (TemporarilyUnavailableException)
        {
            // What failed before fails still. One registration less is the safe side.
        }
    }

    private bool IsGood(InitialAccess? access) => access is { IsUsedUp: false } && clock.GetUtcNow() < access.ExpiresAt;

    /// <summary>Begins at any shard, so that one after the other is used up only where all are.</summary>
    private async Task<InitialAccess> TakeOfAllAsync(CancellationToken cancellation)
    {
        var shards = Math.Min(MostShards, Limits.OpenLimitPerHour);
        var first = Random.Shared.Next(shards);
        for (var i = 0; i < shards; i++)
        {
            var shard = (first + i) % shards;
            var limit = (Limits.OpenLimitPerHour / shards) + (shard < Limits.OpenLimitPerHour % shards ? 1 : 0);
            if (await TryTakeHourAsync(string.Create(CultureInfo.InvariantCulture, $"shard {shard}"), limit, cancellation) is { } taken)
                return taken;
        }
        Volatile.Write(ref usedUpUntil, NewHour("", 0).ExpiresAt.UtcTicks);
        throw TooMany();
    }

    private async Task<InitialAccess?> TryTakeHourAsync(string whose, int limit, CancellationToken cancellation)
    {
        var hour = NewHour(whose, limit);
        return await TryTakeAsync(await store.FindAsync(hour.Address, cancellation), () => hour, limit, cancellation);
    }

    /// <param name="create">What it is when it is not there.</param>
    /// <param name="limit">As it is set now.</param>
    /// <returns>Null when no use is left.</returns>
    private async Task<InitialAccess?> TryTakeAsync(InitialAccess? found, Func<InitialAccess> create, int limit, CancellationToken cancellation)
    {
        var isUsedUp = false;
        var taken = await CompareAndSwap.ChangeAsync(found, Used, store.TrySaveAsync, cancellation);
        return isUsedUp ? null : taken;

        InitialAccess? Used(InitialAccess? current)
        {
            current = (current ?? create()) with { Limit = limit };
            isUsedUp = current.IsUsedUp;
            return isUsedUp ? null : current with { Used = current.Used + 1 };
        }
    }

    private InitialAccess NewHour(string whose, int limit) => InitialAccess.Hour(clock.GetUtcNow(), whose, limit);

    private OAuthException TooMany()
    {
        ServerMetrics.Limited("register");
        return RegistrationError.TooMany(NewHour("", 0).ExpiresAt - clock.GetUtcNow());
    }

    private static OAuthException NotValid() => RegistrationError.InvalidToken("The initial access token is unknown, expired, revoked or already used");
}
