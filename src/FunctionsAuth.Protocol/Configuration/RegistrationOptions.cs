namespace FunctionsAuth.Protocol.Configuration;

/// <summary>Who may register a client over HTTP (RFC 7591), and what such a client may have. The scopes also apply to clients with a metadata document.</summary>
public sealed record RegistrationOptions
{
    /// <summary>With an initial access token (RFC 7591 §3).</summary>
    public const string Token = "token";

    /// <summary>Anyone may.</summary>
    public const string Open = "open";

    /// <summary>There is no such endpoint.</summary>
    public const string Off = "off";

    private static readonly string[] Modes = [Token, Open, Off];

    /// <summary>Who may register: clients with an initial access token (<c>token</c>), everyone (<c>open</c>) or nobody (<c>off</c>).</summary>
    public string Mode { get; init; } = Token;

    /// <summary>The scopes that such clients may have, separated by spaces. The server leaves out other scopes that they ask for.</summary>
    public string Scopes { get; init; } = "openid profile email offline_access";

    /// <summary>The APIs (RFC 8707) that such clients may ask for, beside the APIs that own their scopes.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>
    /// The private-use URI schemes without a dot that such clients may redirect to, separated by spaces (RFC 8252, section 7.1). Schemes with a dot are
    /// always allowed.
    /// </summary>
    public string PrivateUseSchemes { get; init; } =
        "claude codex cursor goose insomnia jetbrains kiro lmstudio postman raycast trae vscode vscode-insiders vscodium warp windsurf zed";

    /// <summary>Such clients with a secret or a key need PKCE. Clients without one always need it.</summary>
    public bool RequirePkce { get; init; } = true;

    /// <summary>A client that registered itself and was not used for this time becomes unknown.</summary>
    public TimeSpan UnusedFor { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How many clients can register in an hour without a token, all together.</summary>
    public int OpenLimitPerHour { get; init; } = 1000;

    /// <summary>How many of them can come from one network address, where <see cref="ClientAddressOptions"/> says how the server knows it.</summary>
    public int OpenLimitPerSource { get; init; } = 20;

    /// <summary>Somebody may register clients.</summary>
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
