namespace FunctionsAuth.Protocol.Configuration;

/// <summary>Who may register a client over HTTP (RFC 7591), and what such a client may have. The scopes hold for metadata documents, too.</summary>
public sealed record RegistrationOptions
{
    /// <summary>With an initial access token (RFC 7591 §3).</summary>
    public const string Token = "token";

    /// <summary>Anyone may.</summary>
    public const string Open = "open";

    /// <summary>There is no such endpoint.</summary>
    public const string Off = "off";

    private static readonly string[] Modes = [Token, Open, Off];

    /// <summary><c>token</c>, <c>open</c> or <c>off</c>.</summary>
    public string Mode { get; init; } = Token;

    /// <summary>The scopes that such clients may have, separated by spaces. What they ask for beyond these is left out.</summary>
    public string Scopes { get; init; } = "openid profile email offline_access";

    /// <summary>The resources that such clients may ask for (RFC 8707), beside those that own their scopes.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>
    /// The private-use schemes without a dot to which such clients may redirect, separated by spaces (RFC 8252 §7.1). Those with a dot
    /// they may have anyway.
    /// </summary>
    public string PrivateUseSchemes { get; init; } =
        "claude codex cursor goose insomnia jetbrains kiro lmstudio postman raycast trae vscode vscode-insiders vscodium warp windsurf zed";

    /// <summary>False lets those with a secret or a key go without PKCE; those without need it always.</summary>
    public bool RequirePkce { get; init; } = true;

    /// <summary>A client that registered itself and was not used for so long is unknown from then on.</summary>
    public TimeSpan UnusedFor { get; init; } = TimeSpan.FromDays(90);

    /// <summary>So many clients may register in an hour without a token, all together.</summary>
    public int OpenLimitPerHour { get; init; } = 1000;

    /// <summary>And so many from one source, where <see cref="ClientAddressOptions"/> says how sources are known.</summary>
    public int OpenLimitPerSource { get; init; } = 20;

    public bool IsOn => Mode != Off;

    internal IReadOnlyList<string> PrivateUseSchemeList => PrivateUseSchemes.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether it is one of <see cref="Scopes"/>.</summary>
    public bool Names(string scope) => Scopes.Split(' ').Contains(scope);

    internal IEnumerable<string> Problems()
    {
        if (!Modes.Contains(Mode))
            yield return $"Registration:Mode must be one of {string.Join(", ", Modes)}";
        if (string.IsNullOrWhiteSpace(Scopes))
            yield return "Registration:Scopes must name at least one scope, such as openid";
        if (PrivateUseSchemeList.FirstOrDefault(scheme => !UriSchemes.IsPrivateUse(scheme)) is { } refused)
            yield return $"Registration:PrivateUseSchemes must name private-use schemes in lower case, separated by spaces, such as vscode: {refused} is none";
        if (OpenLimitPerHour is < 1 or > 100_000)
            yield return "Registration:OpenLimitPerHour must be between 1 and 100000";
        if (OpenLimitPerSource is < 1 or > 100_000)
            yield return "Registration:OpenLimitPerSource must be between 1 and 100000";
        foreach (var range in Limit.Check([new("Registration:UnusedFor", UnusedFor, TimeSpan.FromHours(1), TimeSpan.FromDays(3650))]))
            yield return range;
    }
}
