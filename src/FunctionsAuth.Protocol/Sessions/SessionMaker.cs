using FunctionsAuth.Protocol.Claims;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Sessions;

/// <summary>Creates the record of a session that begins now in the browser that sent the request.</summary>
public sealed class SessionMaker(RequestSource source, ServerOptions options, TimeProvider clock)
{
    /// <param name="login">The user, the time and the methods of the login.</param>
    /// <param name="secret">The secret for the cookie.</param>
    /// <param name="remember">"Keep me signed in".</param>
    /// <param name="until">The end of the session; null for the lifetime in the settings.</param>
    public Session Make(ProvenLogin login, byte[] secret, bool remember, DateTimeOffset? until = null)
    {
        var (now, user) = (clock.GetUtcNow(), login.User);
        var lifetimes = options.Lifetimes;
        var expiresAt = until ?? now + (remember ? lifetimes.RememberedSession : lifetimes.Session);
        return new Session
        {
            Address = RecordAddress.New(expiresAt),
            SecretHash = SecretHash.Of(secret),
            Subject = user.Subject,
            Username = user.Username,
            UserSnapshot = UserSnapshot.Of(user),
            Groups = user.Groups,
            AuthTime = login.Proofs.AuthTime(),
            Amr = login.Proofs.Amr(),
            Proofs = login.Proofs,
            Remembered = remember,
            ExpiresAt = expiresAt,
            LastUsedAt = now,
            IdleLifetime = remember ? lifetimes.RememberedSessionIdle : lifetimes.SessionIdle,
            Browser = source.Browser,
            Country = source.Country,
        };
    }
}
