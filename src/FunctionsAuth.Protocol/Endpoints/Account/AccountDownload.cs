using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Credentials;

namespace FunctionsAuth.Protocol.Endpoints.Account;

/// <summary>The data of a user as JSON. It contains no secrets, such as the hash of the password or of a session.</summary>
public sealed class AccountDownload(AccountSessions sessions, ConsentKeeper consents, ICredentialStore credentials, AccountAudit audit, SecurityEvents events)
{
    private const int MostEvents = 5000;

    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <returns>UTF-8.</returns>
    public async Task<byte[]> WriteAsync(AccountVisit visit, CancellationToken cancellation)
    {
        await events.DataDownloadedAsync(visit.User.Subject);
        var live = await sessions.ListAsync(visit.Session, cancellation);
        var factors = (await credentials.FindAsync(visit.User.Subject, cancellation)).Factors;
        var content = new
        {
            visit.User.Subject,
            visit.User.Username,
            visit.User.Claims,
            visit.User.Groups,
            visit.User.AcceptedTerms,
            SecondFactor = factors.Totp is { } totp ? new { AppForCodesSince = totp.At, RecoveryCodesLeft = factors.RecoveryCodes.Count } : null,
            Sessions = live.Select(session => new { session.Browser, session.Country, session.PasswordClient, SignedInAt = session.AuthTime, session.LastUsedAt, session.ExpiresAt }),
            Apps = (await consents.ListAsync(visit.User.Subject, cancellation))
                .Select(consent => new { consent.ClientId, consent.Scopes, consent.Resources, consent.Claims, consent.GrantedAt, consent.LastUsedAt }),
            Events = await audit.ListAsync(visit.User.Subject, MostEvents, cancellation),
        };
        return JsonSerializer.SerializeToUtf8Bytes(content, Options);
    }
}
