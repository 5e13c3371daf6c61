using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Telemetry;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Audit;

/// <summary>Why a person was not signed in.</summary>
public enum SignInFailure
{
    /// <summary>The password is wrong, or nobody has the name.</summary>
    WrongNameOrPassword,

    /// <summary>There were too many wrong passwords, so this one was not looked at.</summary>
    Throttled,

    /// <summary>The password is right, and the account is disabled.</summary>
    Disabled,
}

/// <summary>
/// What an operator must be able to find later: one line of the log each, with an event id. A line names people by their subject and nothing
/// else, and never has what somebody typed. Strangers can cause failures at any rate, so of each kind of failure an instance writes so many
/// lines at once and then one a second; the meter counts all of them.
/// </summary>
public sealed partial class SecurityEvents(TimeProvider clock, ILogger<SecurityEvents> log)
{
    private const int MostFailuresAtOnce = 60;

    private readonly Allowance<int> failures = new(MostFailuresAtOnce, TimeSpan.FromSeconds(1), clock);

    /// <param name="clientId">For which client; null when that is not known.</param>
    public void SignedIn(string subject, string? clientId)
    {
        ServerMetrics.Login("ok");
        LogSignedIn(subject, clientId ?? "(none)");
    }

    /// <param name="subject">Null when nobody has the name.</param>
    public void SignInFailed(string? subject, string? clientId, SignInFailure failure)
    {
        ServerMetrics.Login(failure switch
        {
            SignInFailure.Throttled => "throttled",
            SignInFailure.Disabled => "disabled",
            _ => "wrong",
        });
        if (failures.TryTake(SignInFailedId, out _))
            LogSignInFailed(subject ?? "(unknown)", clientId ?? "(none)", failure);
    }

    public void AccountCreated(string subject)
    {
        ServerMetrics.Login("created");
        LogAccountCreated(subject);
    }

    /// <param name="session">The <c>sid</c> of its ID tokens.</param>
    public void SessionEnded(string subject, string session) => LogSessionEnded(subject, session);

    public void ConsentGiven(string subject, string clientId, IEnumerable<string> scopes) => LogConsentGiven(subject, clientId, string.Join(' ', scopes));

    /// <param name="clientId">Of a client that there is: what an unknown one calls itself is never written.</param>
    /// <param name="method">The authentication method that it used.</param>
    public void ClientNotAuthenticated(string clientId, string method)
    {
        if (failures.TryTake(ClientNotAuthenticatedId, out _))
            LogClientNotAuthenticated(clientId, method);
    }

    /// <param name="registered">The <c>token_endpoint_auth_method</c> that it is registered for.</param>
    public void ClientUsedOtherMethod(string clientId, string registered, string used)
    {
        if (failures.TryTake(ClientUsedOtherMethodId, out _))
            LogClientUsedOtherMethod(clientId, registered, used);
    }

    /// <param name="grant">Its address, which stands in the <c>jti</c> of its access tokens.</param>
    public void GrantRevoked(string subject, string clientId, string grant) => LogGrantRevoked(clientId, grant, subject);

    public void PasswordChanged(string subject) => LogPasswordChanged(subject);

    public void AccountDisabled(string subject) => LogAccountDisabled(subject);

    public void AccountEnabled(string subject) => LogAccountEnabled(subject);

    public void SignedOutEverywhere(string subject) => LogSignedOutEverywhere(subject);

    public void ConsentRevoked(string subject, string clientId) => LogConsentRevoked(subject, clientId);

    /// <summary>The person signed in, but no group of theirs opens the client.</summary>
    public void NotAdmitted(string subject, string clientId)
    {
        if (failures.TryTake(NotAdmittedId, out _))
            LogNotAdmitted(subject, clientId);
    }

    public void GroupsChanged(string subject, IEnumerable<string> before, IEnumerable<string> after) =>
        LogGroupsChanged(subject, string.Join(' ', before), string.Join(' ', after));

    private const int ClientUsedOtherMethodId = 3005;
    private const int SignInFailedId = 7002;
    private const int ClientNotAuthenticatedId = 7006;
    private const int NotAdmittedId = 7020;

    [LoggerMessage(3005, LogLevel.Information, "Client {ClientId} is registered for {Registered} and used {Used} to authenticate")]
    private partial void LogClientUsedOtherMethod(string clientId, string registered, string used);

    [LoggerMessage(7001, LogLevel.Information, "{Subject} signed in for client {ClientId}")]
    private partial void LogSignedIn(string subject, string clientId);

    [LoggerMessage(7002, LogLevel.Information, "{Subject} was not signed in for client {ClientId}: {Failure}")]
    private partial void LogSignInFailed(string subject, string clientId, SignInFailure failure);

    [LoggerMessage(7003, LogLevel.Information, "{Subject} made an account")]
    private partial void LogAccountCreated(string subject);

    [LoggerMessage(7004, LogLevel.Information, "{Subject} ended session {Session}")]
    private partial void LogSessionEnded(string subject, string session);

    [LoggerMessage(7005, LogLevel.Information, "{Subject} allowed client {ClientId}: {Scopes}")]
    private partial void LogConsentGiven(string subject, string clientId, string scopes);

    [LoggerMessage(7006, LogLevel.Information, "Client {ClientId} was not authenticated: what it sent as {Method} is wrong")]
    private partial void LogClientNotAuthenticated(string clientId, string method);

    [LoggerMessage(7007, LogLevel.Information, "Client {ClientId} revoked grant {Grant} of {Subject}")]
    private partial void LogGrantRevoked(string clientId, string grant, string subject);

    [LoggerMessage(7008, LogLevel.Information, "The password of {Subject} was changed by an operator")]
    private partial void LogPasswordChanged(string subject);

    [LoggerMessage(7009, LogLevel.Information, "The account of {Subject} was disabled by an operator")]
    private partial void LogAccountDisabled(string subject);

    [LoggerMessage(7010, LogLevel.Information, "The account of {Subject} was enabled by an operator")]
    private partial void LogAccountEnabled(string subject);

    [LoggerMessage(7011, LogLevel.Information, "{Subject} was signed out everywhere by an operator")]
    private partial void LogSignedOutEverywhere(string subject);

    [LoggerMessage(7012, LogLevel.Information, "The access that {Subject} gave client {ClientId} was taken back by an operator")]
    private partial void LogConsentRevoked(string subject, string clientId);

    [LoggerMessage(7020, LogLevel.Information, "{Subject} may not use client {ClientId}: no group gives a scope that opens it")]
    private partial void LogNotAdmitted(string subject, string clientId);

    [LoggerMessage(7021, LogLevel.Information, "The groups of {Subject} were changed by an operator from [{Before}] to [{After}]")]
    private partial void LogGroupsChanged(string subject, string before, string after);
}
