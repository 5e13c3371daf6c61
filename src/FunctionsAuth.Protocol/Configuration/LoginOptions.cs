namespace FunctionsAuth.Protocol.Configuration;

/// <summary>How the login page works.</summary>
public sealed record LoginOptions
{
    /// <summary>
    /// The login page asks for the name first, and for the password on a second page. The server does not look up the name in between, so it tells nobody
    /// who has an account.
    /// </summary>
    public bool NameFirst { get; init; }
}
