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
/// Decides who can register a client. A registration is one use, and a use is taken with one compare-and-swap: of any number at the same time, no
/// more succeed than the limit allows, over all instances. In open mode each source has its own limit, and the total limit is spread over several
/// records, so that not all requests write the same record.
/// </summary>
public sealed class RegistrationGate(IInitialAccessStore store, RequestSource source, ServerOptions options, TimeProvider clock)
{
    private const int MostShards = 16;

    // If the limit of an hour is used up, nothing is read for further requests in that hour. A time in ticks of UTC.
    private long usedUpUntil;

    private RegistrationOptions Limits => options.Registration;

    /// <summary>Finds out whether the request is allowed to register. This takes no use.</summary>
    /// <returns>The limit of its token; null for open mode.</returns>
    /// <exception cref="OAuthException"><c>invalid_token</c>; a challenge if a token is required and missing; 429.</exception>
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
    /// <param name="token">The token, as <see cref="FindAsync"/> returned it.</param>
    /// <returns>The record from which the use was taken.</returns>
    /// <exception cref="OAuthException">No use is left, or the token was revoked in the meantime.</exception>
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

    /// <summary>Gives a use back if storage allows it, because the registration failed.</summary>
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
            // The earlier failure remains. Counting one registration too many is the safe side.
        }
    }

    private bool IsGood(InitialAccess? access) => access is { IsUsedUp: false } && clock.GetUtcNow() < access.ExpiresAt;

    /// <summary>Begins at a random shard and tries the others, so that the limit is reached only when all are used up.</summary>
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

    /// <param name="create">Creates the record if it does not exist.</param>
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
