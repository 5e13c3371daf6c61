using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Webhooks;

namespace FunctionsAuth.Documentation.Tests.Reference;

/// <summary>Events of the log, of the audit and of webhooks.</summary>
internal static partial class EventsPage
{
    private static readonly Dictionary<AuditKind, string> Meanings = new()
    {
        [AuditKind.SignIn] = "A person signed in. The detail has the methods (RFC 8176).",
        [AuditKind.SignInFailed] = "A sign-in failed. The detail has the reason.",
        [AuditKind.NotAdmitted] = "A person signed in, but the groups of the person do not admit the person to the client.",
        [AuditKind.AccountCreated] = "An account was created.",
        [AuditKind.AccountDisabled] = "An account was disabled.",
        [AuditKind.AccountEnabled] = "An account was enabled again.",
        [AuditKind.AccountUnlocked] = "An operator cleared the count of wrong passwords of an account.",
        [AuditKind.AccountDeleted] = "An account was deleted.",
        [AuditKind.PasswordChanged] = "A password was changed.",
        [AuditKind.PasswordReset] = "A password was changed by a link in a mail.",
        [AuditKind.UsernameChanged] = "A username was changed.",
        [AuditKind.ProfileChanged] = "A profile was changed. The detail has the names of the claims.",
        [AuditKind.GroupsChanged] = "The groups of a person were changed. The detail has the groups before and after.",
        [AuditKind.EmailChanged] = "An email address was changed and verified.",
        [AuditKind.EmailRestored] = "A change of an email address was undone by a link in a mail.",
        [AuditKind.DataDownloaded] = "A person downloaded the data of the account.",
        [AuditKind.TermsAccepted] = "A person accepted the terms of service. The detail has their version.",
        [AuditKind.Invited] = "An operator invited a person.",
        [AuditKind.InvitationAccepted] = "A person accepted an invitation.",
        [AuditKind.SessionEnded] = "A session ended. The detail has its `sid`.",
        [AuditKind.SignedOutEverywhere] = "All sessions of a person were ended.",
        [AuditKind.ConsentGiven] = "A person allowed a client some scopes.",
        [AuditKind.ConsentRevoked] = "The consent to a client was withdrawn.",
        [AuditKind.GrantRevoked] = "A client revoked its own access.",
        [AuditKind.CodeReused] = "An authorization code was used twice. The server revoked its grant.",
        [AuditKind.RefreshTokenReused] = "An old refresh token was used again. The server revoked its grant.",
        [AuditKind.TokensIssued] = "A client got tokens. The server writes this event only with the setting `Audit:Tokens`.",
        [AuditKind.ClientNotAuthenticated] = "The authentication of a client failed.",
        [AuditKind.ClientRegistered] = "A client registered itself.",
        [AuditKind.ClientChanged] = "A client was changed.",
        [AuditKind.ClientDeleted] = "A client was deleted.",
        [AuditKind.KeyCreated] = "A signing key was created.",
        [AuditKind.KeyDisabled] = "A signing key was disabled.",
        [AuditKind.Imported] = "An import wrote something.",
        [AuditKind.SecondFactorAdded] = "A person set up an app for codes.",
        [AuditKind.SecondFactorRemoved] = "An app for codes was removed.",
        [AuditKind.RecoveryCodesMade] = "A person made new recovery codes.",
        [AuditKind.RecoveryCodeUsed] = "A person used a recovery code.",
        [AuditKind.PasskeyAdded] = "A person added a passkey.",
        [AuditKind.PasskeyRenamed] = "A person renamed a passkey.",
        [AuditKind.PasskeyRemoved] = "A passkey was removed.",
        [AuditKind.PasskeyCountedBack] = "The signature counter of a passkey went back, so the server refused the passkey.",
        [AuditKind.DeliveryGivenUp] = "A mail or a logout token could not be delivered, and the server stopped trying. Webhooks are not told of events for webhooks.",
        [AuditKind.WebhookChanged] = "A webhook was created, changed or deleted.",
        [AuditKind.ConfigurationChanged] = "A scope, an API, a group or another part of the configuration was created, changed or deleted.",
    };

    public static string Write() => new Page("Reference: events", """
        This page lists the events that the server writes to its log, to its [audit](../operations.md#the-audit) and to [webhooks](../webhooks.md).
        """)
        .Heading("Events of the log")
        .Paragraph("Each event has a fixed id, so an alert can look for it. Application Insights shows the id as `EventId`. Names in braces are properties of the event.")
        .Table(["id", "level", "text", "source"], Logged())
        .Heading("Events of the audit and of webhooks")
        .Paragraph("`audit` is the name for `dotnet dev.cs audit --event` and, with `_` in place of `-`, for the parameter `kind` of the management API. A webhook subscribes to the name under `webhook`.")
        .Table(["audit", "webhook", "what happened"], Enum.GetValues<AuditKind>().Select(Row).OrderBy(row => row[0], StringComparer.Ordinal))
        .Paragraph($"`{EventTypes.Ping}` is the event that an operator sends to try a webhook. Webhooks do not subscribe to it.")
        .ToString();

    private static string[] Row(AuditKind kind) =>
        [$"`{JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString())}`", EventTypes.Of(kind) is { } type ? $"`{type}`" : "none", Meanings[kind]];

    private static IEnumerable<string[]> Logged() =>
        from file in Repository.Files("src", "*.cs")
        from match in LoggerMessage().Matches(Repository.Read(file))
        orderby int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
        select (string[])[match.Groups[1].Value, match.Groups[2].Value, Regex.Unescape(match.Groups[3].Value), Path.GetFileNameWithoutExtension(file)];

    [GeneratedRegex(@"\[LoggerMessage\((\d+), LogLevel\.(\w+), ""((?:[^""\\]|\\.)*)""\)\]")]
    private static partial Regex LoggerMessage();
}
