using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Audit;

/// <summary>The lines of the log. docs/operations.md lists them by their ids.</summary>
public sealed partial class SecurityEvents
{
    [LoggerMessage(2002, LogLevel.Information, "A new {Type} signing key was made in {Vault}")]
    private partial void LogKeyCreated(string type, string vault);

    [LoggerMessage(2003, LogLevel.Information, "The {Type} signing key {Kid} in {Vault} has retired and was disabled")]
    private partial void LogKeyDisabled(string type, string kid, string vault);

    [LoggerMessage(3001, LogLevel.Warning, "A code of client {ClientId} was used twice; its grant {Grant} is revoked")]
    private partial void LogCodeReused(string clientId, string grant);

    [LoggerMessage(3002, LogLevel.Warning, "A refresh token of client {ClientId} was used again; its grant {Grant} is revoked")]
    private partial void LogRefreshTokenReused(string clientId, string grant);

    [LoggerMessage(3005, LogLevel.Information, "Client {ClientId} is registered for {Registered} and used {Used} to authenticate")]
    private partial void LogClientUsedOtherMethod(string clientId, string registered, string used);

    [LoggerMessage(6001, LogLevel.Information, "Client {ClientId} registered itself")]
    private partial void LogClientRegistered(string clientId);

    [LoggerMessage(6002, LogLevel.Information, "Client {ClientId} changed its registration, or took its new token into use")]
    private partial void LogClientChanged(string clientId);

    [LoggerMessage(6003, LogLevel.Information, "Client {ClientId} deleted itself")]
    private partial void LogClientDeleted(string clientId);

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

    [LoggerMessage(7008, LogLevel.Information, "The password of {Subject} was changed by {Actor}")]
    private partial void LogPasswordChanged(string subject, AuditActor actor);

    [LoggerMessage(7009, LogLevel.Information, "The account of {Subject} was disabled by {Actor}")]
    private partial void LogAccountDisabled(string subject, AuditActor actor);

    [LoggerMessage(7010, LogLevel.Information, "The account of {Subject} was enabled by {Actor}")]
    private partial void LogAccountEnabled(string subject, AuditActor actor);

    [LoggerMessage(7011, LogLevel.Information, "{Subject} was signed out everywhere by {Actor}")]
    private partial void LogSignedOutEverywhere(string subject, AuditActor actor);

    [LoggerMessage(7012, LogLevel.Information, "The access that {Subject} gave client {ClientId} was taken back by {Actor}")]
    private partial void LogConsentRevoked(string subject, string clientId, AuditActor actor);

    [LoggerMessage(7013, LogLevel.Information, "The username of {Subject} was changed by {Actor}")]
    private partial void LogUsernameChanged(string subject, AuditActor actor);

    [LoggerMessage(7014, LogLevel.Information, "Of the profile of {Subject}, {Claims} was changed by {Actor}")]
    private partial void LogProfileChanged(string subject, string claims, AuditActor actor);

    [LoggerMessage(7015, LogLevel.Information, "{Subject} downloaded a copy of the data of the account")]
    private partial void LogDataDownloaded(string subject);

    [LoggerMessage(7016, LogLevel.Information, "An account was deleted by {Actor}; in the audit it is called {Pseudonym}")]
    private partial void LogAccountDeleted(string pseudonym, AuditActor actor);

    [LoggerMessage(7020, LogLevel.Information, "{Subject} may not use client {ClientId}: no group gives a scope that opens it")]
    private partial void LogNotAdmitted(string subject, string clientId);

    [LoggerMessage(7021, LogLevel.Information, "The groups of {Subject} were changed from [{Before}] to [{After}] by {Actor}")]
    private partial void LogGroupsChanged(string subject, string before, string after, AuditActor actor);

    [LoggerMessage(7022, LogLevel.Information, "An import wrote {Summary}")]
    private partial void LogImported(string summary);

    [LoggerMessage(7023, LogLevel.Error, "{What} was not delivered, and after {Attempts} attempts it is given up: {Reason}")]
    private partial void LogDeliveryGivenUp(string what, int attempts, string reason);

    [LoggerMessage(7030, LogLevel.Error, "The audit has no row of an event that happened: {Kind} of {Subject} and client {ClientId}")]
    private partial void LogNotWritten(AuditKind kind, string subject, string clientId, Exception exception);

    [LoggerMessage(7070, LogLevel.Information, "An account was made for {Subject} by {By}")]
    private partial void LogAccountMade(string subject, string? by);

    [LoggerMessage(6006, LogLevel.Information, "Client {ClientId} was managed by {By}: {What}")]
    private partial void LogClientManaged(string clientId, string? what, string? by);
}
