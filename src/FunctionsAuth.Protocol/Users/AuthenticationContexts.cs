namespace FunctionsAuth.Protocol.Users;

/// <summary>How strongly a user was authenticated, from weak to strong.</summary>
public enum AuthenticationLevel
{
    /// <summary>No authentication.</summary>
    None,

    /// <summary>With a password only.</summary>
    Password,

    /// <summary>With a password and a second factor.</summary>
    MultiFactor,

    /// <summary>With a passkey that verified the user. This is resistant to phishing.</summary>
    Passkey,
}

/// <summary>The values of <c>acr</c> (OpenID Connect Core §2): a name for each <see cref="AuthenticationLevel"/>.</summary>
public static class AuthenticationContexts
{
    public const string Password = "urn:functionsauth:acr:password";
    public const string MultiFactor = "urn:functionsauth:acr:mfa";
    public const string Passkey = "urn:functionsauth:acr:passkey";

    /// <summary>The name in OpenID Connect Extended Authentication Profile 1.0 §2 for a phishing-resistant login: another name for <see cref="Passkey"/>.</summary>
    public const string PhishingResistant = "phr";

    public static IReadOnlyList<string> All { get; } = [Password, MultiFactor, Passkey, PhishingResistant];

    /// <param name="acr">Of a request; null for a name that this server does not know.</param>
    public static AuthenticationLevel? LevelOf(string acr) => acr switch
    {
        Password => AuthenticationLevel.Password,
        MultiFactor => AuthenticationLevel.MultiFactor,
        Passkey or PhishingResistant => AuthenticationLevel.Passkey,
        _ => null,
    };

    /// <summary>The level of a login, by its authentication methods (RFC 8176).</summary>
    public static AuthenticationLevel LevelOf(IReadOnlyList<string> methods)
    {
        if (methods.Contains(Amr.User) && methods.Contains(Amr.SoftwareKey))
            return AuthenticationLevel.Passkey;
        if (!methods.Contains(Amr.Password))
            return AuthenticationLevel.None;
        return methods.Contains(Amr.OneTimePassword) ? AuthenticationLevel.MultiFactor : AuthenticationLevel.Password;
    }

    /// <param name="methods">The authentication methods of the session (RFC 8176), which decide it.</param>
    /// <returns>Null when the authentication methods are unknown.</returns>
    public static string? Of(IReadOnlyList<string> methods) => NameOf(LevelOf(methods));

    public static string? NameOf(AuthenticationLevel level) => level switch
    {
        AuthenticationLevel.Password => Password,
        AuthenticationLevel.MultiFactor => MultiFactor,
        AuthenticationLevel.Passkey => Passkey,
        _ => null,
    };
}

/// <summary>The values of <c>amr</c> (RFC 8176 §2) that this server uses.</summary>
public static class Amr
{
    public const string Password = "pwd";
    public const string OneTimePassword = "otp";
    public const string MultiFactor = "mfa";
    public const string SoftwareKey = "swk";

    /// <summary>The user was present, and the device verified the user.</summary>
    public const string User = "user";
}
