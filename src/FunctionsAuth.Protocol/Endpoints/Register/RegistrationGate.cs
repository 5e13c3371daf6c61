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
    // Each try that fails is one of somebody else that did not.
    private const int MaxTries = 100;

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
        for (var attempt = 0; attempt < MaxTries; attempt++)
        {
            if (access.IsUsedUp)
                throw access.IsToken ? NotValid() : TooMany(access, http.Response);
            var result = await store.TrySaveAsync(access with { Used = access.Used + 1 }, cancellation);
            if (result.Won)
                return result.Current!;
            access = WithLimit(result.Current ?? (access.IsToken ? throw NotValid() : NewHour()));
        }
        throw new TemporarilyUnavailableException("storage");
    }

    /// <summary>Gives a use back, if storage lets us: the registration that it was for has failed.</summary>
    public async Task GiveBackAsync(InitialAccess access, CancellationToken cancellation)
    {
        try
        {
            for (var attempt = 0; attempt < MaxTries; attempt++)
            {
                var result = await store.TrySaveAsync(access with { Used = access.Used - 1 }, cancellation);
                if (result.Won || result.Current is not { Used: > 0 } current)
                    return;
                access = current;
            }
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
