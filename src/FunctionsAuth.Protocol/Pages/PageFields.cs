namespace FunctionsAuth.Protocol.Pages;

/// <summary>The names of the form fields of the pages.</summary>
public static class PageFields
{
    public const string Request = "request";
    public const string FormToken = "form_token";
    public const string Action = "action";
    public const string Username = "username";
    public const string Password = "password";
    public const string Remember = "remember";
    public const string Name = "name";
    public const string Claims = "claims";
    public const string PasswordAgain = "password_again";
    public const string Session = "session";
    public const string ClientId = "client_id";

    /// <summary>In an account page: the key of a passkey.</summary>
    public const string Passkey = "passkey";
    public const string PasskeyAt = "passkey_at";

    /// <summary>Bytes from an authenticator, as base64url.</summary>
    public const string PasskeyId = "passkey_id";
    public const string PasskeyClientData = "passkey_client_data";
    public const string PasskeyAuthenticatorData = "passkey_authenticator_data";
    public const string PasskeySignature = "passkey_signature";
    public const string PasskeyUserHandle = "passkey_user_handle";
    public const string PasskeyAttestation = "passkey_attestation";

    /// <summary>Separated by spaces.</summary>
    public const string PasskeyTransports = "passkey_transports";

    /// <summary>In the address of the login page: the place of an account in the browser's list, or <see cref="AnotherAccount"/>.</summary>
    public const string Account = "account";
    public const string AnotherAccount = "another";
    public const string Choose = "choose";
    public const string Forget = "forget";

    /// <summary>A prefix. The name of the scope, or of the claim, follows.</summary>
    public const string ScopePrefix = "scope:";
    public const string ClaimPrefix = "claim:";

    public const string Terms = "terms";

    public const string ActionAccept = "accept";
    public const string ActionNext = "next";
    public const string ActionSendCode = "send_code";
    public const string ActionLogin = "login";
    public const string ActionCreate = "create";
    public const string ActionCancel = "cancel";
    public const string ActionAllow = "allow";
    public const string ActionDeny = "deny";
    public const string ActionLogout = "logout";
    public const string ActionStay = "stay";
    public const string ActionSave = "save";
    public const string ActionEnd = "end";
    public const string ActionEndAll = "end_all";
    public const string ActionRevoke = "revoke";
    public const string ActionDownload = "download";
    public const string ActionDelete = "delete";

    /// <summary>On a management page: the entity tag of the record at the time when it was shown.</summary>
    public const string Etag = "etag";

    /// <summary>On a management page: the one of several records that the action is for.</summary>
    public const string Target = "target";
    public const string Ticket = "ticket";
    public const string Email = "email";
    public const string Code = "code";
    public const string Method = "method";
    public const string MethodRecovery = "recovery";
    public const string RememberFactor = "remember_factor";
    public const string ActionRenew = "renew";
    public const string ActionRemove = "remove";
    public const string ActionForget = "forget";
    public const string ActionPasskey = "passkey";
    public const string ActionAddPasskey = "add_passkey";
    public const string ActionRename = "rename";
    public const string True = "true";
}
