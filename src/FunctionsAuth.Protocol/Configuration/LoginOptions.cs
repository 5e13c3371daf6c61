namespace FunctionsAuth.Protocol.Configuration;

/// <summary>How the login page asks.</summary>
public sealed record LoginOptions
{
    /// <summary>The page asks for the name first, and for the password on a second page.</summary>
    public bool NameFirst { get; init; }
}
