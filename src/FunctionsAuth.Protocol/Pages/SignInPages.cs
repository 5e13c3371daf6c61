namespace FunctionsAuth.Protocol.Pages;

/// <summary>
/// Posts to <c>login</c>: <c>request</c>, <c>form_token</c>, <c>username</c>, <c>password</c>, <c>remember</c> (<c>true</c>)
/// and <c>action</c> (<c>login</c> or <c>cancel</c>). The names are in <see cref="PageFields"/>.
/// </summary>
public sealed record LoginPage(string RequestId, string FormToken, PageClient Client) : PageModel
{
    /// <summary>Fills the name field: the <c>login_hint</c>, or what the person typed before.</summary>
    public string? Username { get; init; }

    public bool Remember { get; init; }

    /// <summary>What it asks for. Without the password it posts <c>username</c> and <c>action</c> (<c>next</c>).</summary>
    public LoginQuestion Asks { get; init; }

    /// <summary>Where the person signs in with another name, relative to this page; null where the name can be changed on it.</summary>
    public string? AnotherAddress { get; init; }

    /// <summary>Why the last try failed, for the person; null at the first one. With it the status is 422, as 401 would promise a challenge (RFC 9110 §15.5.2).</summary>
    public Phrase? Problem { get; init; }

    /// <summary>Where the person asks for a link to another password, relative to this page; null where mail is off.</summary>
    public string? ForgotAddress { get; init; }

    /// <summary>Where the person can make an account, relative to this page; null where nobody can.</summary>
    public string? SignUpAddress { get; init; }

    /// <summary>
    /// Set where the person can sign in with a passkey instead: a second form posts <c>action</c> <c>passkey</c>, <c>remember</c>, and what the
    /// script has from the authenticator. Without script there is no such form.
    /// </summary>
    public PasskeyQuestion? Passkey { get; init; }

    /// <summary>Seconds, minutes or days that "keep me signed in" means.</summary>
    public required TimeSpan RememberedFor { get; init; }
}

/// <summary>What a login page asks for.</summary>
public enum LoginQuestion
{
    NameAndPassword,
    Name,

    /// <summary>The name was typed on the page before.</summary>
    Password,
}

/// <summary>What an authenticator is asked to sign.</summary>
/// <param name="Challenge">base64url.</param>
/// <param name="At">Goes back with the answer.</param>
/// <param name="RelyingPartyId">For whom (WebAuthn §4).</param>
public sealed record PasskeyQuestion(string Challenge, long At, string RelyingPartyId);

/// <summary>
/// Asks for a code. Posts to <c>second_factor</c>: <c>request</c>, <c>form_token</c>, <c>code</c>, <c>method</c> (<c>recovery</c>, or nothing),
/// <c>remember_factor</c> (<c>true</c>) and <c>action</c> (<c>login</c> or <c>cancel</c>).
/// </summary>
public sealed record SecondFactorPage(string RequestId, string FormToken, PageClient Client) : PageModel
{
    /// <summary>Whose factor it is.</summary>
    public required string Username { get; init; }

    /// <summary>A code helps; false where only a passkey does.</summary>
    public required bool TakesCode { get; init; }

    /// <summary>
    /// Part of the address to which a code can be sent, by <c>action</c> <c>send_code</c>; null where no code goes by mail.
    /// </summary>
    public string? EmailHint { get; init; }

    /// <summary>A code is on its way, and the page asks for it.</summary>
    public bool IsEmailSent { get; init; }

    /// <summary>Set where a passkey does, too: see <see cref="LoginPage.Passkey"/>.</summary>
    public PasskeyQuestion? Passkey { get; init; }

    /// <summary>It asks for a recovery code.</summary>
    public required bool IsRecovery { get; init; }

    /// <summary>Where it asks for the other kind of code, relative to this page; null where there is none.</summary>
    public string? OtherAddress { get; init; }

    /// <summary>How long this browser can be spared further codes; null where it can't.</summary>
    public TimeSpan? RememberFor { get; init; }

    /// <summary>Why the last try failed, for the person; null at the first one. With it the status is 422.</summary>
    public Phrase? Problem { get; init; }
}

/// <summary>
/// The person needs more than a password and has nothing more yet. Posts to <c>second_factor</c>: <c>request</c>, <c>form_token</c> and
/// <c>action</c> (<c>cancel</c>).
/// </summary>
public sealed record SetUpFactorPage(string RequestId, string FormToken, PageClient Client) : PageModel
{
    public required string Username { get; init; }

    /// <summary>Where the person sets up an app for codes, relative to this page; null where only a passkey will do.</summary>
    public string? TotpAddress { get; init; }

    /// <summary>Where the person adds a passkey, relative to this page; null where there are none.</summary>
    public string? PasskeyAddress { get; init; }
}

/// <summary>
/// Posts to <c>signup</c>: <c>request</c>, <c>form_token</c>, <c>username</c>, <c>name</c>, <c>password</c> and <c>action</c>
/// (<c>create</c> or <c>cancel</c>).
/// </summary>
public sealed record SignUpPage(string RequestId, string FormToken, PageClient Client) : PageModel
{
    /// <summary>The <c>login_hint</c>, or what the person typed before.</summary>
    public string? Username { get; init; }

    public string? Name { get; init; }

    /// <summary>The page asks for an email address alone, and posts <c>email</c>: the rest comes after the link in the mail.</summary>
    public bool AsksEmail { get; init; }

    /// <summary>The address to which a link was sent just now; null where none was. The page must not say whether it has an account.</summary>
    public string? SentTo { get; init; }

    /// <summary>The terms of service that the person must accept by <c>terms</c> (<c>true</c>); null where there are none.</summary>
    public Uri? Terms { get; init; }

    /// <summary>What the person must change; null at first. With it the status is 422.</summary>
    public Phrase? Problem { get; init; }

    /// <summary>Where who has an account signs in, relative to this page.</summary>
    public required string LoginAddress { get; init; }
}

/// <summary>
/// Asks a person to accept the terms of service. Posts to <c>terms</c>: <c>request</c>, <c>form_token</c> and <c>action</c> (<c>accept</c> or
/// <c>cancel</c>).
/// </summary>
public sealed record TermsPage(string RequestId, string FormToken, PageClient Client) : PageModel
{
    /// <summary>The name of who is signed in.</summary>
    public required string Username { get; init; }

    /// <summary>Where the person reads them.</summary>
    public required Uri Terms { get; init; }

    /// <summary>The person accepted other ones before.</summary>
    public required bool IsUpdate { get; init; }
}

/// <summary>
/// Lets the person choose with which account to go on. Posts to <c>select_account</c>: <c>request</c>, <c>form_token</c>, and one of
/// <c>choose</c> and <c>forget</c> (the username of an account), or <c>action</c> (<c>cancel</c>).
/// </summary>
public sealed record SelectAccountPage(string RequestId, string FormToken, PageClient Client) : PageModel
{
    /// <summary>The account that is signed in comes first. It can't be forgotten.</summary>
    public required IReadOnlyList<PageAccount> Accounts { get; init; }

    /// <summary>Where the person signs in with an account that is not in the list, relative to this page.</summary>
    public required string AnotherAddress { get; init; }
}

/// <param name="SignedIn">It is the one of the session in this browser.</param>
public sealed record PageAccount(string Username, bool SignedIn);
