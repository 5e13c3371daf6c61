using System.Text.RegularExpressions;

namespace FunctionsAuth.Protocol.Configuration;

/// <summary>How the server sends mail. Without these settings it sends none, and features that need mail are off.</summary>
public sealed partial record MailOptions
{
    /// <summary>By a mail server (RFC 5321).</summary>
    public const string Smtp = "smtp";

    /// <summary>To nobody: the page /mail of LocalHost shows it.</summary>
    public const string Page = "page";

    /// <summary>An encrypted connection from the first byte (RFC 8314 §3.3), usually on port 465.</summary>
    public const string Tls = "tls";

    /// <summary>A connection that is encrypted before anything is said (RFC 3207). A server that does not offer it gets no mail.</summary>
    public const string StartTls = "starttls";

    /// <summary>In the clear, on this machine only.</summary>
    public const string None = "none";

    private const int SubmissionPort = 587;
    private const int LongestName = 80;

    /// <summary>
    /// <c>smtp</c>: a mail server sends the mail. <c>page</c>: the page <c>/mail</c> of LocalHost shows it. <c>page</c> is possible only on LocalHost,
    /// where it is the default while the issuer is on this machine.
    /// </summary>
    public string Mode { get; init; } = Smtp;

    /// <summary>The mail server, such as <c>smtp.azurecomm.net</c>.</summary>
    public string? Host { get; init; }

    /// <summary>The port of the mail server: 1 to 65535.</summary>
    public int Port { get; init; } = SubmissionPort;

    /// <summary>The name for signing in to the mail server. Without it, the server does not sign in there.</summary>
    public string? Username { get; init; }

    /// <summary>The password for the mail server. In Azure, use a Key Vault reference.</summary>
    public string? Password { get; init; }

    /// <summary>The address that mail comes from: one address in ASCII, without a name. It is required where <see cref="Host"/> is set.</summary>
    public string? From { get; init; }

    /// <summary>The name beside that address. Without it, <see cref="ServerOptions.OperatorName"/>. At most 80 characters.</summary>
    public string? FromName { get; init; }

    /// <summary><c>starttls</c>, which is the default, or <c>tls</c>. For a mail server on this machine, <c>none</c>, which is the default there.</summary>
    public string? Security { get; init; }

    /// <summary>The server tells a person by mail about a sign-in from a browser that is new to the account.</summary>
    public bool NewDevice { get; init; }

    /// <summary>Whether the server can send mail.</summary>
    public bool IsConfigured => Mode == Page || Host is not null;

    /// <summary>The setting, or the default for the host.</summary>
    public string EffectiveSecurity => Security ?? (IsOnThisMachine ? None : StartTls);

    private bool IsOnThisMachine => Host is not null && Uri.TryCreate($"smtp://{Host}", UriKind.Absolute, out var uri) && ThisMachine.IsHostOf(uri);

    internal IEnumerable<string> Problems(Uri? issuer)
    {
        if (Mode is not (Smtp or Page))
            yield return $"Mail:Mode must be {Smtp} or {Page}";
        if (Mode == Page && issuer is not null && !ThisMachine.IsHostOf(issuer))
            yield return $"Mail:Mode can be {Page} only while the issuer is on this machine: everybody who reaches the server could read the mail";
        if (Mode == Page && Host is not null)
            yield return $"Mail:Host is of no use with Mail:Mode {Page}";
        if (Host is null && (Username ?? Password ?? Security) is not null)
            yield return "Mail:Host must be set where Mail:Username, Mail:Password or Mail:Security is, such as smtp.azurecomm.net";
        if (NewDevice && !IsConfigured)
            yield return "Mail:Host must be set where Mail:NewDevice is, such as smtp.azurecomm.net";
        if (Host is not null && (Uri.CheckHostName(Host) == UriHostNameType.Unknown || Host.Length == 0))
            yield return "Mail:Host must be the name of a mail server, such as smtp.azurecomm.net";
        if (Port is < 1 or > 65535)
            yield return "Mail:Port must be from 1 to 65535";
        if (Host is not null && From is null)
            yield return "Mail:From must be set where Mail:Host is, such as no-reply@example.com";
        if (From is not null && !PlainAddress().IsMatch(From))
            yield return "Mail:From must be one address in ASCII, without a name, such as no-reply@example.com";
        if ((Username is null) != (Password is null))
            yield return "Mail:Username and Mail:Password must be set both, or neither of them";
        if (Security is not (null or StartTls or Tls or None))
            yield return $"Mail:Security must be {StartTls} or {Tls}";
        if (Security == None && !IsOnThisMachine)
            yield return $"Mail:Security can be {None} only where Mail:Host is on this machine";
        if (FromName is not null && (FromName.Trim().Length == 0 || FromName.Length > LongestName || FromName.Any(char.IsControl)))
            yield return $"Mail:FromName must have 1 to {LongestName} characters, without ends of lines";
    }

    [GeneratedRegex(@"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}\z")]
    private static partial Regex PlainAddress();
}
