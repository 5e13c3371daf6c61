namespace FunctionsAuth.Protocol.Pages;

/// <summary>
/// A page of the user's own account. Its forms post to its own address, with <c>form_token</c> and <c>action</c>. All addresses on it are relative to
/// <c>account/</c>.
/// </summary>
/// <param name="Route">The last part of its address, such as <c>profile</c>.</param>
public abstract record AccountPage(string Route, string FormToken) : PageModel
{
    /// <summary>The name of the signed-in user.</summary>
    public required string Username { get; init; }

    /// <summary>A message to the user about the completed action; null without one.</summary>
    public Phrase? Done { get; init; }

    /// <summary>The problem that the user must correct; null if there is none. With a problem, the status is 422.</summary>
    public Phrase? Problem { get; init; }

    /// <summary>The authorization request to which the user returns afterwards; null without one. Forms post it as <c>request</c>.</summary>
    public string? RequestId { get; init; }
}

/// <summary>The name and the claims of the user. Posts <c>action</c> <c>save</c>, and each claim of <see cref="Fields"/> under its name.</summary>
public sealed record AccountProfilePage(string Route, string FormToken) : AccountPage(Route, FormToken)
{
    public required IReadOnlyList<ProfileField> Fields { get; init; }

    /// <summary>Other claims of the account, which only the operator can change.</summary>
    public required IReadOnlyList<ProfileField> Fixed { get; init; }

    public required IReadOnlyList<string> Groups { get; init; }

    public required bool MayChangeUsername { get; init; }

    public required bool MayChangeEmail { get; init; }
}

/// <param name="Claim">The name of the claim, as clients know it.</param>
/// <param name="Problem">The problem that the user must correct; null if there is none.</param>
public sealed record ProfileField(string Claim, Phrase Label, string? Value, Phrase? Problem = null);

/// <summary>Posts <c>username</c> and <c>action</c> <c>save</c>.</summary>
public sealed record AccountUsernamePage(string Route, string FormToken) : AccountPage(Route, FormToken)
{
    /// <summary>The text that the user typed before.</summary>
    public string? Typed { get; init; }
}

/// <summary>Posts <c>email</c> and <c>action</c> <c>save</c>.</summary>
public sealed record AccountEmailPage(string Route, string FormToken) : AccountPage(Route, FormToken)
{
    /// <summary>The current address; null if there is none.</summary>
    public string? Email { get; init; }

    public required bool IsVerified { get; init; }

    /// <summary>The text that the user typed before.</summary>
    public string? Typed { get; init; }
}

/// <summary>Posts <c>password</c>, <c>password_again</c> and <c>action</c> <c>save</c>.</summary>
public sealed record AccountPasswordPage(string Route, string FormToken) : AccountPage(Route, FormToken)
{
    /// <summary>The minimum length, in characters.</summary>
    public required int MinLength { get; init; }
}

/// <summary>The methods by which the user signs in. Posts <c>action</c> <c>forget</c>: after that, every browser asks for a code again.</summary>
public sealed record AccountSecurityPage(string Route, string FormToken) : AccountPage(Route, FormToken)
{
    public required bool HasPassword { get; init; }

    /// <summary>The time when the authenticator app was set up; null without one.</summary>
    public DateTimeOffset? TotpSince { get; init; }

    /// <summary>The number of passkeys; null if the settings turn passkeys off.</summary>
    public required int? Passkeys { get; init; }

    public required int RecoveryCodesLeft { get; init; }

    /// <summary>Few recovery codes are left, so the user should make new ones.</summary>
    public required bool FewRecoveryCodes { get; init; }
}

/// <summary>An authenticator app. Posts <c>code</c> and <c>action</c> <c>save</c>. If an app is set up already, posts <c>action</c> <c>remove</c>.</summary>
public sealed record AccountTotpPage(string Route, string FormToken) : AccountPage(Route, FormToken)
{
    /// <summary>The secret in base32, for typing; null if an app is set up already.</summary>
    public string? Secret { get; init; }

    /// <summary>The URI that the picture (a QR code) contains for the app.</summary>
    public string? KeyUri { get; init; }
}

/// <summary>Recovery codes. Posts <c>action</c> <c>renew</c>.</summary>
public sealed record AccountRecoveryCodesPage(string Route, string FormToken) : AccountPage(Route, FormToken)
{
    /// <summary>New codes, which are shown only once; empty if none were made.</summary>
    public required IReadOnlyList<string> Codes { get; init; }

    public required int Left { get; init; }
}

/// <summary>Posts <c>action</c> <c>end</c> with the <c>session</c>, or <c>end_all</c>.</summary>
public sealed record AccountSessionsPage(string Route, string FormToken) : AccountPage(Route, FormToken)
{
    public required IReadOnlyList<AccountSession> Sessions { get; init; }
}

/// <param name="Id">Identifies the session in a form. Nobody can use the session with it.</param>
/// <param name="Browser">The browser, such as <c>Firefox on Windows</c>; null if unknown.</param>
/// <param name="Country">ISO 3166-1, two letters; null if unknown.</param>
/// <param name="App">The app that asked for the password itself; null for a login in a browser.</param>
/// <param name="LastUsedAt">The time of the last use. Its precision is a quarter of the time after which an unused session ends.</param>
/// <param name="IsThis">The session is in the browser that shows the page.</param>
public sealed record AccountSession(string Id, string? Browser, string? Country, string? App, DateTimeOffset Since, DateTimeOffset LastUsedAt, bool IsThis);

/// <summary>Posts <c>action</c> <c>revoke</c> with the <c>client_id</c>.</summary>
public sealed record AccountAppsPage(string Route, string FormToken) : AccountPage(Route, FormToken)
{
    public required IReadOnlyList<AccountApp> Apps { get; init; }
}

/// <param name="Client">The client; null if it does not exist any more.</param>
/// <param name="Access">The access of the app, in words.</param>
/// <param name="OfflineAccess">The app keeps access while the user is away.</param>
/// <param name="LastUsedAt">The day of the last use.</param>
/// <param name="FirstParty">The app belongs to the operator, so the user was not asked for consent.</param>
public sealed record AccountApp(string ClientId, PageClient? Client, IReadOnlyList<Phrase> Access, bool OfflineAccess, DateTimeOffset Since, DateTimeOffset LastUsedAt, bool FirstParty);

/// <summary>The events of the account in the last 90 days.</summary>
public sealed record AccountActivityPage(string Route, string FormToken) : AccountPage(Route, FormToken)
{
    public required IReadOnlyList<AccountEvent> Events { get; init; }

    /// <summary>There are more events, which the page does not show.</summary>
    public required bool HasMore { get; init; }
}

/// <param name="Text">The event as a sentence.</param>
/// <param name="Browser">The browser, such as <c>Firefox on Windows</c>; null if unknown.</param>
/// <param name="Network">The network from which the request came; null if unknown.</param>
/// <param name="Country">ISO 3166-1, two letters; null if unknown.</param>
/// <param name="IsWarning">Somebody else may have caused the event.</param>
public sealed record AccountEvent(DateTimeOffset At, Phrase Text, string? Browser, string? Network, string? Country, bool IsWarning);

/// <summary>
/// The passkeys of the user. Posts one of these values of <c>action</c>: <c>add_passkey</c> with <c>name</c> and the authenticator's answer from the script,
/// <c>rename</c> with <c>passkey</c> and <c>name</c>, or <c>remove</c> with <c>passkey</c>.
/// </summary>
public sealed record AccountPasskeysPage(string Route, string FormToken) : AccountPage(Route, FormToken)
{
    public required IReadOnlyList<AccountPasskey> Passkeys { get; init; }

    /// <summary>The question for a new passkey; null if the user has the maximum number of passkeys.</summary>
    public required NewPasskeyQuestion? Offer { get; init; }

    public required int LongestName { get; init; }
}

/// <param name="Key">Identifies the passkey in the forms.</param>
/// <param name="IsSynced">The passkey may be on several devices of the user.</param>
/// <param name="IsUsable">False if the passkey was made for another address of the server, so that it cannot be used to sign in.</param>
public sealed record AccountPasskey(string Key, string Name, DateTimeOffset AddedAt, DateTimeOffset? LastUsedAt, bool IsSynced, bool IsUsable);

/// <summary>The values from which a browser makes a passkey (WebAuthn §5.4).</summary>
/// <param name="Operator">The name of the server that the browser shows.</param>
/// <param name="UserHandle">base64url.</param>
/// <param name="Exclude">The credential ids that the user has already. Each is base64url, followed by its transports; separated by spaces.</param>
/// <param name="SuggestedName">A suggestion for the field <c>name</c>.</param>
public sealed record NewPasskeyQuestion(PasskeyQuestion Question, string Operator, string UserHandle, string DisplayName, IReadOnlyList<string> Exclude, string SuggestedName);

/// <summary>The user's data. Posts <c>action</c> <c>download</c>.</summary>
public sealed record AccountDataPage(string Route, string FormToken) : AccountPage(Route, FormToken)
{
    public required bool MayDelete { get; init; }
}

/// <summary>Posts <c>username</c>, which the user types again, and <c>action</c> <c>delete</c>.</summary>
public sealed record AccountDeletePage(string Route, string FormToken) : AccountPage(Route, FormToken);

/// <summary>The apps that the user may use.</summary>
public sealed record PortalPage(string Username, IReadOnlyList<PortalApp> Apps) : PageModel;

/// <param name="Address">The start address of the app.</param>
/// <param name="Description">The purpose of the app; null if the operator wrote none.</param>
public sealed record PortalApp(PageClient Client, Uri Address, Phrase? Description);

/// <summary>The page for a browser without a session that is not asked to sign in: after a cancelled login, and after the account was deleted.</summary>
/// <param name="SignInAddress">The address at which the user can sign in.</param>
/// <param name="WasDeleted">The account was deleted just now.</param>
public sealed record AccountClosedPage(string SignInAddress, bool WasDeleted) : PageModel
{
    /// <inheritdoc cref="LoggedOutPage.Frames"/>
    public IReadOnlyList<Uri> Frames { get; init; } = [];
}
