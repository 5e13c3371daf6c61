namespace FunctionsAuth.Protocol.Configuration;

/// <summary>
/// What RFC 9700 (sections 2.1.2 and 2.4) forbids or discourages, for apps that cannot change. It is off. If it is on, a client must also be registered
/// for it, and the server logs each use as a warning.
/// </summary>
public sealed record LegacyOptions
{
    /// <summary>Response types other than <c>code</c>. Their tokens travel through the browser, where they can leak.</summary>
    public bool ImplicitAndHybrid { get; init; }

    /// <summary>The grant type <c>password</c>. The app sees the password of the person.</summary>
    public bool PasswordGrant { get; init; }
}
