using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Statistics;
using FunctionsAuth.Protocol.Telemetry;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Audit;

/// <summary>
/// What an operator must be able to find later: of each event one line of the log, with an event id, and one row of the audit. A line names
/// people by their subject and nothing else; neither has what somebody typed. Strangers can cause failures at any rate, so of each kind of
/// failure an instance writes 60 at once and then one a second, and of failed logins to one account 20 at once and then one in 10 minutes;
/// the meter counts all of them.
/// <para>
/// Each method returns when the row is written. A sign-in, and the registration of a client, do not happen without their rows. All other events
/// tell of what has happened already: where storage does not take their rows, the log has them, and event 7030 says so.
/// </para>
/// </summary>
public sealed partial class SecurityEvents(AuditTrail audit, RequestSource source, ServerOptions options, HourlyCounters counters, TimeProvider clock, ILogger<SecurityEvents> log)
{
    private const int MostFailuresAtOnce = 60;
    private const int MostOfOneName = 20;

    /// <summary>Characters: a property has room for 32,767.</summary>
    private const int LongestDetail = 4000;

    private const string Unknown = "(unknown)";
    private const string NoClient = "(none)";

    private readonly Allowance<AuditKind> failures = new(MostFailuresAtOnce, TimeSpan.FromSeconds(1), clock);

    // Otherwise a stranger could hide the user's own events among failures, and use up the limit for everybody.
    private readonly Allowance<string> failuresOfNames = new(MostOfOneName, TimeSpan.FromMinutes(10), clock);

    /// <param name="clientId">The client; null if unknown.</param>
    /// <param name="methods">The methods of the login (RFC 8176).</param>
    /// <param name="inBrowser">False if a client sent the password: the address of the client's server says nothing about the user.</param>
    public Task SignedInAsync(string subject, string? clientId, IEnumerable<string> methods, bool inBrowser)
    {
        ServerMetrics.Login("ok");
        counters.Add(CounterNames.SignIns);
        LogSignedIn(subject, clientId ?? NoClient);
        return audit.WriteAsync(EventOf(AuditKind.SignIn, AuditActor.Person, subject, clientId, string.Join(' ', methods), withOrigin: inBrowser));
    }

    /// <param name="subject">Null if the name is unknown.</param>
    /// <param name="account">The same; for an unknown name, its placeholder, so that both cases look alike.</param>
    public Task SignInFailedAsync(string? subject, string account, string? clientId, SignInFailure failure)
    {
        ServerMetrics.Login(failure switch
        {
            SignInFailure.Throttled => "throttled",
            SignInFailure.Disabled => "disabled",
            SignInFailure.WrongCode => "wrong_code",
            SignInFailure.ThrottledCode => "throttled_code",
            SignInFailure.WrongPasskey => "wrong_passkey",
            _ => "wrong",
        });
        counters.Add(CounterNames.FailedSignIns);
        // Somebody who guesses codes knows the password. These events must not be lost among wrong passwords.
        var allowance = failure is SignInFailure.WrongCode or SignInFailure.ThrottledCode ? $"{account}/code" : account;
        if (!failuresOfNames.TryTake(allowance, out _) || !failures.TryTake(AuditKind.SignInFailed, out _))
            return Task.CompletedTask;
        LogSignInFailed(subject ?? Unknown, clientId ?? NoClient, failure);
        return WriteAsync(AuditKind.SignInFailed, AuditActor.Person, subject, clientId, failure.ToString());
    }

    public Task AccountCreatedAsync(string subject, AuditActor actor = AuditActor.Person)
    {
        if (actor == AuditActor.Person)
        {
            ServerMetrics.Login("created");
            counters.Add(CounterNames.NewAccounts);
            LogAccountCreated(subject);
        }
        else
        {
            LogAccountMade(subject, ActingAs.Current);
        }
        return WriteAsync(AuditKind.AccountCreated, actor, subject);
    }

    /// <param name="session">The <c>sid</c> of its ID tokens.</param>
    public Task SessionEndedAsync(string subject, string session, AuditActor actor = AuditActor.Person)
    {
        LogSessionEnded(subject, session);
        return WriteAsync(AuditKind.SessionEnded, actor, subject, detail: session);
    }

    public Task SignedOutEverywhereAsync(string subject, AuditActor actor)
    {
        LogSignedOutEverywhere(subject, actor);
        return WriteAsync(AuditKind.SignedOutEverywhere, actor, subject);
    }

    public Task PasswordChangedAsync(string subject, AuditActor actor)
    {
        LogPasswordChanged(subject, actor);
        return WriteAsync(AuditKind.PasswordChanged, actor, subject);
    }

    public Task UsernameChangedAsync(string subject, AuditActor actor)
    {
        LogUsernameChanged(subject, actor);
        return WriteAsync(AuditKind.UsernameChanged, actor, subject);
    }

    /// <param name="claims">The names of the changed claims.</param>
    public Task ProfileChangedAsync(string subject, AuditActor actor, IEnumerable<string> claims)
    {
        var names = string.Join(' ', claims);
        LogProfileChanged(subject, names, actor);
        return WriteAsync(AuditKind.ProfileChanged, actor, subject, detail: names);
    }

    public Task AccountDisabledAsync(string subject, AuditActor actor)
    {
        LogAccountDisabled(subject, actor);
        return WriteAsync(AuditKind.AccountDisabled, actor, subject);
    }

    public Task AccountEnabledAsync(string subject, AuditActor actor)
    {
        LogAccountEnabled(subject, actor);
        return WriteAsync(AuditKind.AccountEnabled, actor, subject);
    }

    /// <param name="subject">Only subscribers are told the subject, so that they can delete the user too.</param>
    /// <param name="pseudonym">The name for the user from now on. The subject is in no row and no log line any more.</param>
    public Task AccountDeletedAsync(string subject, string pseudonym, AuditActor actor)
    {
        LogAccountDeleted(pseudonym, actor);
        var entry = EventOf(AuditKind.AccountDeleted, actor, detail: pseudonym, withOrigin: false);
        return WriteAsync(entry, entry with { Subject = subject, Detail = null });
    }

    /// <summary>The user downloaded a copy of the data.</summary>
    public Task DataDownloadedAsync(string subject)
    {
        LogDataDownloaded(subject);
        return WriteAsync(AuditKind.DataDownloaded, AuditActor.Person, subject);
    }

    public Task GroupsChangedAsync(string subject, AuditActor actor, IEnumerable<string> before, IEnumerable<string> after)
    {
        var (from, to) = (string.Join(' ', before), string.Join(' ', after));
        LogGroupsChanged(subject, from, to, actor);
        return WriteAsync(AuditKind.GroupsChanged, actor, subject, detail: $"from [{from}] to [{to}]");
    }

    public Task ConsentGivenAsync(string subject, string clientId, IEnumerable<string> scopes)
    {
        var names = string.Join(' ', scopes);
        LogConsentGiven(subject, clientId, names);
        return WriteAsync(AuditKind.ConsentGiven, AuditActor.Person, subject, clientId, names);
    }

    public Task ConsentRevokedAsync(string subject, string clientId, AuditActor actor)
    {
        LogConsentRevoked(subject, clientId, actor);
        return WriteAsync(AuditKind.ConsentRevoked, actor, subject, clientId);
    }

    /// <summary>The user signed in, but is in no group that may use the client.</summary>
    public Task NotAdmittedAsync(string subject, string clientId)
    {
        if (!failures.TryTake(AuditKind.NotAdmitted, out _))
            return Task.CompletedTask;
        LogNotAdmitted(subject, clientId);
        return WriteAsync(AuditKind.NotAdmitted, AuditActor.Server, subject, clientId);
    }

    /// <param name="grant">The address of the grant, which is part of the <c>jti</c> of its access tokens.</param>
    public Task GrantRevokedAsync(string subject, string clientId, string grant)
    {
        LogGrantRevoked(clientId, grant, subject);
        return WriteAsync(AuditKind.GrantRevoked, AuditActor.Client, subject, clientId, grant);
    }

    /// <summary>RFC 6749 §4.1.2: somebody may have a copy of the code, so its grant was revoked.</summary>
    /// <inheritdoc cref="GrantRevokedAsync"/>
    public Task CodeReusedAsync(string subject, string clientId, string grant)
    {
        LogCodeReused(clientId, grant);
        return WriteAsync(AuditKind.CodeReused, AuditActor.Server, subject, clientId, grant);
    }

    /// <summary>RFC 9700 §4.14.2: somebody may have a copy of the token, so its grant was revoked.</summary>
    /// <inheritdoc cref="GrantRevokedAsync"/>
    public Task RefreshTokenReusedAsync(string subject, string clientId, string grant)
    {
        LogRefreshTokenReused(clientId, grant);
        return WriteAsync(AuditKind.RefreshTokenReused, AuditActor.Server, subject, clientId, grant);
    }

    /// <summary>A row is written only if the settings say so: see <see cref="AuditOptions.Tokens"/>. The meter counts all of them.</summary>
    public Task TokensIssuedAsync(string clientId, string grantType)
    {
        counters.Add(CounterNames.TokensBy(grantType));
        return options.Audit.Tokens ? WriteAsync(AuditKind.TokensIssued, AuditActor.Client, clientId: clientId, detail: grantType) : Task.CompletedTask;
    }

    /// <summary>A token request of an authenticated client was refused. It is only counted.</summary>
    public void TokensNotIssued() => counters.Add(CounterNames.TokenErrors);

    /// <param name="clientId">Null if the client is unknown: the id from the request is never written.</param>
    /// <param name="method">The authentication method of the request.</param>
    public Task ClientNotAuthenticatedAsync(string? clientId, string method)
    {
        if (!failures.TryTake(AuditKind.ClientNotAuthenticated, out _))
            return Task.CompletedTask;
        LogClientNotAuthenticated(clientId ?? Unknown, method);
        var detail = clientId is null ? "there is no client with the id that it sent" : $"what it sent as {method} is wrong";
        return WriteAsync(AuditKind.ClientNotAuthenticated, AuditActor.Client, clientId: clientId, detail: detail);
    }

    /// <param name="registered">The <c>token_endpoint_auth_method</c> that it is registered for.</param>
    public Task ClientUsedOtherMethodAsync(string clientId, string registered, string used)
    {
        if (!failures.TryTake(AuditKind.ClientNotAuthenticated, out _))
            return Task.CompletedTask;
        LogClientUsedOtherMethod(clientId, registered, used);
        return WriteAsync(AuditKind.ClientNotAuthenticated, AuditActor.Client, clientId: clientId, detail: $"it is registered for {registered} and used {used}");
    }

    public Task ClientRegisteredAsync(string clientId)
    {
        LogClientRegistered(clientId);
        return audit.WriteAsync(EventOf(AuditKind.ClientRegistered, AuditActor.Client, clientId: clientId));
    }

    /// <param name="what">The change, if an operator made it: see <see cref="ConfigurationChangedAsync"/>.</param>
    public Task ClientChangedAsync(string clientId, AuditActor actor = AuditActor.Client, string? what = null)
    {
        if (actor == AuditActor.Client)
            LogClientChanged(clientId);
        else
            LogClientManaged(clientId, what, ActingAs.Current);
        return WriteAsync(AuditKind.ClientChanged, actor, clientId: clientId, detail: what);
    }

    public Task ClientDeletedAsync(string clientId, AuditActor actor = AuditActor.Client)
    {
        if (actor == AuditActor.Client)
            LogClientDeleted(clientId);
        else
            LogClientManaged(clientId, "deleted", ActingAs.Current);
        return WriteAsync(AuditKind.ClientDeleted, actor, clientId: clientId);
    }

    /// <param name="type">Such as <c>Ec</c>.</param>
    /// <param name="store">The name of the key store.</param>
    public Task KeyCreatedAsync(string type, string store, AuditActor actor = AuditActor.Server)
    {
        LogKeyCreated(type, store);
        return WriteAsync(AuditKind.KeyCreated, actor, detail: $"{type} in {store}");
    }

    /// <inheritdoc cref="KeyCreatedAsync"/>
    public Task KeyDisabledAsync(string type, string kid, string store, AuditActor actor = AuditActor.Server)
    {
        LogKeyDisabled(type, kid, store);
        return WriteAsync(AuditKind.KeyDisabled, actor, detail: $"{type} {kid} in {store}");
    }

    /// <param name="summary">The number of records of each kind that were written.</param>
    public Task ImportedAsync(string summary)
    {
        LogImported(summary);
        return WriteAsync(AuditKind.Imported, AuditActor.Operator, detail: summary);
    }

    /// <summary>An item was not delivered and will not be tried again.</summary>
    /// <param name="what">Its kind, such as <c>mail</c>.</param>
    /// <param name="reason">The reason, without an address of a person and without content.</param>
    public Task DeliveryGivenUpAsync(string what, int attempts, string reason)
    {
        LogDeliveryGivenUp(what, attempts, reason);
        return WriteAsync(AuditKind.DeliveryGivenUp, AuditActor.Server, detail: $"{what} in attempt {attempts}: {reason}", withOrigin: false);
    }

    private Task WriteAsync(
        AuditKind kind, AuditActor actor, string? subject = null, string? clientId = null, string? detail = null, bool withOrigin = true) =>
        WriteAsync(EventOf(kind, actor, subject, clientId, detail, withOrigin));

    private async Task WriteAsync(AuditEvent entry, AuditEvent? told = null)
    {
        if (await audit.TryWriteAsync(entry, told) is { } failure)
            LogNotWritten(entry.Kind, entry.Subject ?? Unknown, entry.ClientId ?? NoClient, failure);
    }

    private AuditEvent EventOf(AuditKind kind, AuditActor actor, string? subject = null, string? clientId = null, string? detail = null, bool withOrigin = true) => new()
    {
        Kind = kind,
        At = clock.GetUtcNow(),
        Actor = actor,
        Subject = subject,
        ClientId = clientId,
        By = ActingAs.Current,
        Detail = detail?.Length > LongestDetail ? detail[..LongestDetail] : detail,
        Network = withOrigin ? source.Current : null,
        // The user agent of a client's own program says nothing about the user.
        Browser = withOrigin && actor == AuditActor.Person ? source.Browser : null,
        Country = withOrigin && actor == AuditActor.Person ? source.Country : null,
    };
}
