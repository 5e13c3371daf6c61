namespace FunctionsAuth.Protocol.Configuration;

/// <summary>How people create accounts, where <see cref="ServerOptions.SelfRegistration"/> lets them.</summary>
public sealed record SignUpOptions
{
    /// <summary>
    /// A person first proves an email address by a link in a mail, and then chooses username and password. The account exists only then. The page does
    /// not tell whether an address is taken. It needs <see cref="ServerOptions.SelfRegistration"/> and mail.
    /// </summary>
    public bool Email { get; init; }

    internal IEnumerable<string> Problems(ServerOptions server)
    {
        if (Email && !server.SelfRegistration)
            yield return "SelfRegistration must be on where SignUp:Email is";
        if (Email && !server.Mail.IsConfigured)
            yield return "SignUp:Email needs a mail server: set Mail:Host and Mail:From";
    }
}
