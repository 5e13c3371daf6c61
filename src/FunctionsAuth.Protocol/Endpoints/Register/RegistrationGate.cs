using System.Globalization;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Storage;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Register;

/// <summary>
/// Who may register a client. A registration is one use, and a use is taken by one compare-and-swap: of any number at once no
/// more get through than the limit says.
/// </summary>
public sealed class RegistrationGate(IInitialAccessStore store, ServerOptions options, TimeProvider clock)
{
    /// <summary>Finds out whether the request may register at all. Nothing is used up by that.</summary>
    /// <exception cref="OAuthException"><c>invalid_token</c>; a challenge where there is no token but must be one; 429.</exception>
    public async Task<InitialAccess> FindAsync(HttpContext http, CancellationToken cancellation)
    {
        if (RegistrationRequest.BearerOf(http.Request) is { } text)
        {
            var access = InitialAccessToken.TryParse(text, out var token) ? await store.FindAsync(token.Address, cancellation) : null;
            return IsGood(access) && SecretHash.Matches(token!.Secret, access!.SecretHash) ? access : throw NotValid();
        }
        if (options.Registration.Mode != RegistrationOptions.Open)
            throw RegistrationError.NoToken("An initial access token");
        var hour = await FindHourAsync(cancellation);
        return hour.IsUsedUp ? throw TooMany(hour, http.Response) : hour;
    }

    /// <summary>Takes one use.</summary>
    /// <exception cref="OAuthException">None is left, or the token was revoked meanwhile.</exception>
    public async Task<InitialAccess> TakeAsync(InitialAccess access, HttpContext http, CancellationToken cancellation)
    {
        return (await CompareAndSwap.ChangeAsync(access, Used, store.TrySaveAsync, cancellation))!;

        InitialAccess Used(InitialAccess? current)
        {
            current = WithLimit(current ?? (access.IsToken ? throw NotValid() : NewHour()));
            if (current.IsUsedUp)
                throw current.IsToken ? NotValid() : TooMany(current, http.Response);
            return current with { Used = current.Used + 1 };
        }
    }

    /// <summary>Gives a use back, if storage lets us: the registration that it was for has failed.</summary>
    public async Task GiveBackAsync(InitialAccess access, CancellationToken cancellation)
    {
        try
        {
            await CompareAndSwap.ChangeAsync(access, current => current is { Used: > 0 } ? current with { Used = current.Used - 1 } : null, store.TrySaveAsync, cancellation);
        }
        catch (TemporarilyUnavailableException)
        {
            // What failed before fails still. One registration less is the safe side.
        }
    }

    private bool IsGood(InitialAccess? access) => access is { IsUsedUp: false } && clock.GetUtcNow() < access.ExpiresAt;

    private async Task<InitialAccess> FindHourAsync(CancellationToken cancellation)
    {
        var hour = NewHour();
        return WithLimit(await store.FindAsync(hour.Address, cancellation) ?? hour);
    }

    private InitialAccess NewHour() => InitialAccess.Hour(clock.GetUtcNow(), options.Registration.OpenLimitPerHour);

    /// <summary>The limit of an hour is the one that is set now.</summary>
    private InitialAccess WithLimit(InitialAccess access) => access.IsToken ? access : access with { Limit = options.Registration.OpenLimitPerHour };

    private OAuthException TooMany(InitialAccess hour, HttpResponse response)
    {
        var seconds = Math.Max(1, Math.Ceiling((hour.ExpiresAt - clock.GetUtcNow()).TotalSeconds));
        response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return RegistrationError.TooMany();
    }

    private static OAuthException NotValid() => RegistrationError.InvalidToken("The initial access token is unknown, expired, revoked or used up");
}
