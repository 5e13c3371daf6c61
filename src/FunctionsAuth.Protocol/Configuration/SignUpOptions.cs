namespace FunctionsAuth.Protocol.Configuration;

/// <summary>How people make accounts, where <see cref="ServerOptions.SelfRegistration"/> lets them.</summary>
public sealed record SignUpOptions
{
    /// <summary>A person first proves an email address, by a link in a mail: there is no account before.</summary>
    public bool Email { get; init; }

    internal IEnumerable<string> Problems(ServerOptions server)
    {
        if (Email && !server.SelfRegistration)
            yield return "SelfRegistration must be on where SignUp:Email is";
        if (Email && !server.Mail.IsConfigured)
            yield return "SignUp:Email needs a mail server: set Mail:Host and Mail:From";
    }
}
