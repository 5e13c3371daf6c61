namespace FunctionsAuth.Protocol.Configuration;

/// <summary>
/// What RFC 9700 (§2.1.2 and §2.4) tells everybody not to use any more, for apps that can't change. It is off; where it is on, a
/// client must be registered for it, too, and each use is logged as a warning.
/// </summary>
public sealed record LegacyOptions
{
    /// <summary>Response types other than <c>code</c>: tokens travel through the browser, where they leak and can't be bound to anyone.</summary>
    public bool ImplicitAndHybrid { get; init; }

    /// <summary>The grant type <c>password</c>: the app sees the password of the person.</summary>
    public bool PasswordGrant { get; init; }
}
