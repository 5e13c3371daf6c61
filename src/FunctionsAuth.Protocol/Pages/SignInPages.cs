namespace FunctionsAuth.Protocol.Pages;

/// <summary>
/// Posts to <c>login</c>: <c>request</c>, <c>form_token</c>, <c>username</c>, <c>password</c>, <c>remember</c> (<c>true</c>)
/// and <c>action</c> (<c>login</c> or <c>cancel</c>). The names are in <see cref="PageFields"/>.
/// </summary>
public sealed record LoginPage(string RequestId, string FormToken, PageClient Client) : PageModel
{
    /// <summary>The value of the name field: the <c>login_hint</c>, or the text that the user typed before.</summary>
    public string? Username { get; init; }

    public bool Remember { get; init; }

    /// <summary>The fields that the page asks for. Without the password it posts <c>username</c> and <c>action</c> (<c>next</c>).</summary>
    public LoginQuestion Asks { get; init; }

    /// <summary>The address, relative to this page, where the user signs in with another name; null if the name can be changed on this page.</summary>
    public string? AnotherAddress { get; init; }

    /// <summary>
    /// The reason why the last attempt failed, for the user; null at the first attempt. With it, the status is 422, because 401 requires a challenge (RFC
    /// 9110 §15.5.2).
    /// </summary>
    public Phrase? Problem { get; init; }

    /// <summary>The address, relative to this page, where the user asks for a link to set a new password; null if mail is off.</summary>
    public string? ForgotAddress { get; init; }

    /// <summary>The address, relative to this page, where the user can create an account; null if nobody can.</summary>
    public string? SignUpAddress { get; init; }

    /// <summary>
    /// Set if the user can sign in with a passkey instead. A second form then posts <c>action</c> <c>passkey</c>, <c>remember</c>, and the authenticator's
    /// answer from the script. Without script there is no such form.
    /// </summary>
    public PasskeyQuestion? Passkey { get; init; }

    /// <summary>The time for which "keep me signed in" keeps the user signed in.</summary>
    public required TimeSpan RememberedFor { get; init; }
}

/// <summary>The fields that a login page asks for.</summary>
public enum LoginQuestion
{
    NameAndPassword,
    Name,

    /// <summary>Only the password, because the name was typed on the page before.</summary>
    Password,
}

/// <summary>The values that an authenticator signs.</summary>
/// <param name="Challenge">base64url.</param>
/// <param name="At">A value that the form sends back with the answer.</param>
/// <param name="RelyingPartyId">The relying party of the passkey (WebAuthn §4).</param>
public sealed record PasskeyQuestion(string Challenge, long At, string RelyingPartyId);

/// <summary>
/// Asks for a code. Posts to <c>second_factor</c>: <c>request</c>, <c>form_token</c>, <c>code</c>, <c>method</c> (<c>recovery</c>, or nothing),
/// <c>remember_factor</c> (<c>true</c>) and <c>action</c> (<c>login</c> or <c>cancel</c>).
/// </summary>
public sealed record SecondFactorPage(string RequestId, string FormToken, PageClient Client) : PageModel
{
    /// <summary>The name of the user whose second factor is asked for.</summary>
    public required string Username { get; init; }

    /// <summary>The page accepts a code; false if only a passkey is accepted.</summary>
    public required bool TakesCode { get; init; }

    /// <summary>Part of the address to which a code can be sent, by <c>action</c> <c>send_code</c>; null if codes are not sent by mail.</summary>
    public string? EmailHint { get; init; }

    /// <summary>A code was sent by mail, and the page asks for it.</summary>
    public bool IsEmailSent { get; init; }

    /// <summary>Set if a passkey is accepted, too: see <see cref="LoginPage.Passkey"/>.</summary>
    public PasskeyQuestion? Passkey { get; init; }

    /// <summary>The page asks for a recovery code.</summary>
    public required bool IsRecovery { get; init; }

    /// <summary>The address, relative to this page, that asks for the other kind of code; null if there is none.</summary>
    public string? OtherAddress { get; init; }

    /// <summary>The time for which this browser can be remembered, so that it is not asked for codes; null if it cannot be remembered.</summary>
    public TimeSpan? RememberFor { get; init; }

    /// <summary>The reason why the last attempt failed, for the user; null at the first attempt. With it, the status is 422.</summary>
    public Phrase? Problem { get; init; }
}

/// <summary>
/// The user needs a second factor and has not set one up yet. Posts to <c>second_factor</c>: <c>request</c>, <c>form_token</c> and <c>action</c>
/// (<c>cancel</c>).
/// </summary>
public sealed record SetUpFactorPage(string RequestId, string FormToken, PageClient Client) : PageModel
{
    public required string Username { get; init; }

    /// <summary>The address, relative to this page, where the user sets up an authenticator app; null if only a passkey is accepted.</summary>
    public string? TotpAddress { get; init; }

    /// <summary>The address, relative to this page, where the user adds a passkey; null if passkeys are off.</summary>
    public string? PasskeyAddress { get; init; }
}

/// <summary>
/// Posts to <c>signup</c>: <c>request</c>, <c>form_token</c>, <c>username</c>, <c>name</c>, <c>password</c> and <c>action</c>
/// (<c>create</c> or <c>cancel</c>).
/// </summary>
public sealed record SignUpPage(string RequestId, string FormToken, PageClient Client) : PageModel
{
    /// <summary>The <c>login_hint</c>, or the text that the user typed before.</summary>
    public string? Username { get; init; }

    public string? Name { get; init; }

    /// <summary>The page asks only for an email address, and posts <c>email</c>. The link in the mail leads to a page that asks for the rest.</summary>
    public bool AsksEmail { get; init; }

    /// <summary>The address to which a link was just sent; null if none was sent. The page must not reveal whether the address has an account.</summary>
    public string? SentTo { get; init; }

    /// <summary>The terms of service that the user must accept by <c>terms</c> (<c>true</c>); null if there are none.</summary>
    public Uri? Terms { get; init; }

    /// <summary>The problem that the user must correct; null at first. With it, the status is 422.</summary>
    public Phrase? Problem { get; init; }

    /// <summary>The address, relative to this page, where a user who has an account signs in.</summary>
    public required string LoginAddress { get; init; }
}

/// <summary>
/// Asks a user to accept the terms of service. Posts to <c>terms</c>: <c>request</c>, <c>form_token</c> and <c>action</c> (<c>accept</c> or <c>cancel</c>).
/// </summary>
public sealed record TermsPage(string RequestId, string FormToken, PageClient Client) : PageModel
{
    /// <summary>The name of the signed-in user.</summary>
    public required string Username { get; init; }

    /// <summary>The address of the terms.</summary>
    public required Uri Terms { get; init; }

    /// <summary>The user accepted an earlier version of the terms.</summary>
    public required bool IsUpdate { get; init; }
}

/// <summary>
/// Lets the user choose the account to continue with. Posts to <c>select_account</c>: <c>request</c>, <c>form_token</c>, and one of <c>choose</c> and
/// <c>forget</c> (the username of an account), or <c>action</c> (<c>cancel</c>).
/// </summary>
public sealed record SelectAccountPage(string RequestId, string FormToken, PageClient Client) : PageModel
{
    /// <summary>The account that is signed in comes first. It cannot be forgotten.</summary>
    public required IReadOnlyList<PageAccount> Accounts { get; init; }

    /// <summary>The address, relative to this page, where the user signs in with an account that is not in the list.</summary>
    public required string AnotherAddress { get; init; }
}

/// <param name="SignedIn">The account of the session in this browser.</param>
public sealed record PageAccount(string Username, bool SignedIn);
