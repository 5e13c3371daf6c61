namespace FunctionsAuth.Protocol.Pages;

/// <summary>
/// A page of a person's own account. Its forms post to its own address, with <c>form_token</c> and <c>action</c>. Every address on it is
/// relative to <c>account/</c>.
/// </summary>
/// <param name="Route">The last part of its address, such as <c>profile</c>.</param>
public abstract record AccountPage(string Route, string FormToken) : PageModel
{
    /// <summary>The name of who is signed in.</summary>
    public required string Username { get; init; }

    /// <summary>What was done, for the person; null where nothing was.</summary>
    public Phrase? Done { get; init; }

    /// <summary>What the person must change; null where nothing is wrong. With it the status is 422.</summary>
    public Phrase? Problem { get; init; }

    /// <summary>The authorization request to which the person goes back afterwards; null without one. Forms post it as <c>request</c>.</summary>
    public string? RequestId { get; init; }
}

/// <summary>The name and the claims of the person. Posts <c>action</c> <c>save</c>, and each claim of <see cref="Fields"/> under its name.</summary>
public sealed record AccountProfilePage(string Route, string FormToken) : AccountPage(Route, FormToken)
{
    public required IReadOnlyList<ProfileField> Fields { get; init; }

    /// <summary>What else the account has and only the operator changes.</summary>
    public required IReadOnlyList<ProfileField> Fixed { get; init; }

    public required IReadOnlyList<string> Groups { get; init; }

    public required bool MayChangeUsername { get; init; }

    public required bool MayChangeEmail { get; init; }
}

/// <param name="Claim">Its name, as clients know it.</param>
/// <param name="Problem">What the person must change; null where nothing is wrong.</param>
public sealed record ProfileField(string Claim, Phrase Label, string? Value, Phrase? Problem = null);

/// <summary>Posts <c>username</c> and <c>action</c> <c>save</c>.</summary>
public sealed record AccountUsernamePage(string Route, string FormToken) : AccountPage(Route, FormToken)
{
    /// <summary>What the person typed before.</summary>
    public string? Typed { get; init; }
}

/// <summary>Posts <c>email</c> and <c>action</c> <c>save</c>.</summary>
public sealed record AccountEmailPage(string Route, string FormToken) : AccountPage(Route, FormToken)
{
    /// <summary>Null where there is none.</summary>
    public string? Email { get; init; }

    public required bool IsVerified { get; init; }

    /// <summary>What the person typed before.</summary>
    public string? Typed { get; init; }
}

/// <summary>Posts <c>password</c>, <c>password_again</c> and <c>action</c> <c>save</c>.</summary>
public sealed record AccountPasswordPage(string Route, string FormToken) : AccountPage(Route, FormToken)
{
    /// <summary>In characters.</summary>
    public required int MinLength { get; init; }
}

/// <summary>By what the person signs in. Posts <c>action</c> <c>forget</c>: every browser asks for a code again.</summary>
public sealed record AccountSecurityPage(string Route, string FormToken) : AccountPage(Route, FormToken)
{
    public required bool HasPassword { get; init; }

    /// <summary>When the app for codes was set up; null without one.</summary>
    public DateTimeOffset? TotpSince { get; init; }

    /// <summary>Null where the settings switch them off.</summary>
    public required int? Passkeys { get; init; }

    public required int RecoveryCodesLeft { get; init; }

    /// <summary>The person should make new ones.</summary>
    public required bool FewRecoveryCodes { get; init; }
}

/// <summary>An app for codes. Posts <c>code</c> and <c>action</c> <c>save</c>; where there is one already, <c>action</c> <c>remove</c>.</summary>
public sealed record AccountTotpPage(string Route, string FormToken) : AccountPage(Route, FormToken)
{
    /// <summary>In base32, to type; null where an app is set up already.</summary>
    public string? Secret { get; init; }

    /// <summary>The address that the picture shows to the app.</summary>
    public string? KeyUri { get; init; }
}

/// <summary>Recovery codes. Posts <c>action</c> <c>renew</c>.</summary>
public sealed record AccountRecoveryCodesPage(string Route, string FormToken) : AccountPage(Route, FormToken)
{
    /// <summary>New codes, shown this once; empty where none were made.</summary>
    public required IReadOnlyList<string> Codes { get; init; }

    public required int Left { get; init; }
}

/// <summary>Posts <c>action</c> <c>end</c> with the <c>session</c>, or <c>end_all</c>.</summary>
public sealed record AccountSessionsPage(string Route, string FormToken) : AccountPage(Route, FormToken)
{
    public required IReadOnlyList<AccountSession> Sessions { get; init; }
}

/// <param name="Id">Names the session in a form. It opens nothing.</param>
/// <param name="Browser">Such as <c>Firefox on Windows</c>; null where that is not known.</param>
/// <param name="Country">ISO 3166-1, two letters; null where it is not known.</param>
/// <param name="App">The app that took the password itself; null for a browser.</param>
/// <param name="LastUsedAt">To a quarter of the time after which an unused session ends.</param>
/// <param name="IsThis">The browser that shows the page.</param>
public sealed record AccountSession(string Id, string? Browser, string? Country, string? App, DateTimeOffset Since, DateTimeOffset LastUsedAt, bool IsThis);

/// <summary>Posts <c>action</c> <c>revoke</c> with the <c>client_id</c>.</summary>
public sealed record AccountAppsPage(string Route, string FormToken) : AccountPage(Route, FormToken)
{
    public required IReadOnlyList<AccountApp> Apps { get; init; }
}

/// <param name="Client">Null where the client is not there any more.</param>
/// <param name="Access">What it may do, in words.</param>
/// <param name="OfflineAccess">It keeps access while the person is away.</param>
/// <param name="LastUsedAt">To the day.</param>
/// <param name="FirstParty">The operator's own: the person was not asked.</param>
public sealed record AccountApp(string ClientId, PageClient? Client, IReadOnlyList<Phrase> Access, bool OfflineAccess, DateTimeOffset Since, DateTimeOffset LastUsedAt, bool FirstParty);

/// <summary>What happened to the account in the last 90 days.</summary>
public sealed record AccountActivityPage(string Route, string FormToken) : AccountPage(Route, FormToken)
{
    public required IReadOnlyList<AccountEvent> Events { get; init; }

    /// <summary>There are more, which are not shown.</summary>
    public required bool HasMore { get; init; }
}

/// <param name="Text">A sentence.</param>
/// <param name="Browser">Such as <c>Firefox on Windows</c>; null where that is not known.</param>
/// <param name="Network">Where the request came from; null where that is not known.</param>
/// <param name="Country">ISO 3166-1, two letters; null where it is not known.</param>
/// <param name="IsWarning">Somebody else may have done it.</param>
public sealed record AccountEvent(DateTimeOffset At, Phrase Text, string? Browser, string? Network, string? Country, bool IsWarning);

/// <summary>
/// The passkeys of the person. Posts <c>action</c>: <c>add_passkey</c> with <c>name</c> and what the script has from the authenticator,
/// <c>rename</c> with <c>passkey</c> and <c>name</c>, <c>remove</c> with <c>passkey</c>.
/// </summary>
public sealed record AccountPasskeysPage(string Route, string FormToken) : AccountPage(Route, FormToken)
{
    public required IReadOnlyList<AccountPasskey> Passkeys { get; init; }

    /// <summary>What a new one is made from; null where the person has as many as anybody may have.</summary>
    public required NewPasskeyQuestion? Offer { get; init; }

    public required int LongestName { get; init; }
}

/// <param name="Key">Names it in the forms.</param>
/// <param name="IsSynced">It may be on several devices of the person.</param>
/// <param name="IsUsable">False where it was made for another address of the server, so that it signs nobody in.</param>
public sealed record AccountPasskey(string Key, string Name, DateTimeOffset AddedAt, DateTimeOffset? LastUsedAt, bool IsSynced, bool IsUsable);

/// <summary>What a browser makes a passkey from (WebAuthn §5.4).</summary>
/// <param name="Operator">What the person sees.</param>
/// <param name="UserHandle">base64url.</param>
/// <param name="Exclude">The credential ids that the person has, each base64url, followed by its transports; separated by spaces.</param>
/// <param name="SuggestedName">For the field <c>name</c>.</param>
public sealed record NewPasskeyQuestion(PasskeyQuestion Question, string Operator, string UserHandle, string DisplayName, IReadOnlyList<string> Exclude, string SuggestedName);

/// <summary>The person's data. Posts <c>action</c> <c>download</c>.</summary>
public sealed record AccountDataPage(string Route, string FormToken) : AccountPage(Route, FormToken)
{
    public required bool MayDelete { get; init; }
}

/// <summary>Posts <c>username</c>, typed once more, and <c>action</c> <c>delete</c>.</summary>
public sealed record AccountDeletePage(string Route, string FormToken) : AccountPage(Route, FormToken);

/// <summary>The apps that the person may use.</summary>
public sealed record PortalPage(string Username, IReadOnlyList<PortalApp> Apps) : PageModel;

/// <param name="Address">Where the person begins.</param>
/// <param name="Description">What the app is for; null where the operator does not say.</param>
public sealed record PortalApp(PageClient Client, Uri Address, Phrase? Description);

/// <summary>Nobody is signed in here, and nobody was asked to: after a cancelled login, and after the account was deleted.</summary>
/// <param name="SignInAddress">Where the person can sign in.</param>
/// <param name="WasDeleted">The account was deleted just now.</param>
public sealed record AccountClosedPage(string SignInAddress, bool WasDeleted) : PageModel
{
    /// <inheritdoc cref="LoggedOutPage.Frames"/>
    public IReadOnlyList<Uri> Frames { get; init; } = [];
}
