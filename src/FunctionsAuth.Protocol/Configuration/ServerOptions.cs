namespace FunctionsAuth.Protocol.Configuration;

/// <summary>
/// The settings of the server: section <c>FunctionsAuth</c> of the configuration, or environment variables such as
/// <c>FunctionsAuth__Lifetimes__AccessToken</c>. They are checked when the app starts, and it does not start half-right.
/// </summary>
public record ServerOptions
{
    public const string Section = "FunctionsAuth";

    private const int LongestName = 80;

    /// <summary>
    /// The public address of the server, which is the issuer identifier (RFC 8414, section 2): https, or http on localhost. It has at most one path
    /// segment. LocalHost uses its own URL.
    /// </summary>
    public Uri? Issuer { get; init; }

    /// <summary>Where clients reach the endpoints, if a proxy publishes them elsewhere. Without it, the root of the issuer's host.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>
    /// The name of the organization that runs the server. Pages show it, so that people know whose login this is. Without it, they show the host of the
    /// issuer. At most 80 characters.
    /// </summary>
    public string? OperatorName { get; init; }

    /// <summary>
    /// The algorithm of access tokens, unless their API has its own: <c>RS256</c>, <c>PS256</c> or <c>ES256</c>. It must be one of <see cref="TokenAlgorithms"/>.
    /// </summary>
    public string AccessTokenAlgorithm { get; init; } = SigningAlgorithms.RS256;

    /// <summary>
    /// The algorithms that this server signs with, separated by spaces. If only one of RS256 and PS256 is among them, the published RSA keys have an
    /// <c>alg</c>. Some libraries refuse keys without it.
    /// </summary>
    public string TokenAlgorithms { get; init; } = string.Join(' ', SigningAlgorithms.All);

    /// <summary>
    /// How long an instance keeps clients, scopes, APIs and types of authorization details in memory. Changes take effect after at most this time. 0 to 1
    /// hour.
    /// </summary>
    public TimeSpan CacheFor { get; init; } = TimeSpan.FromSeconds(60);

    public LifetimeOptions Lifetimes { get; init; } = new();

    public LockoutOptions Lockout { get; init; } = new();

    public ClientAddressOptions ClientAddress { get; init; } = new();

    public ClientCertificateOptions ClientCertificates { get; init; } = new();

    public AuditOptions Audit { get; init; } = new();

    public StatisticsOptions Statistics { get; init; } = new();

    public AccountOptions Account { get; init; } = new();

    public ManageOptions Manage { get; init; } = new();

    public SecondFactorOptions SecondFactors { get; init; } = new();

    public PasskeyOptions Passkeys { get; init; } = new();

    public KeyOptions Keys { get; init; } = new();

    public FetchOptions Fetch { get; init; } = new();

    public MailOptions Mail { get; init; } = new();

    /// <summary>People may create an account: by a link on the login page, and by <c>prompt=create</c>. The page tells whether a username is taken.</summary>
    public bool SelfRegistration { get; init; }

    public SignUpOptions SignUp { get; init; } = new();

    public TermsOptions Terms { get; init; } = new();

    public LoginOptions Login { get; init; } = new();

    public DpopOptions Dpop { get; init; } = new();

    public BrandOptions Brand { get; init; } = new();

    public LanguageOptions Languages { get; init; } = new();

    public LegacyOptions Legacy { get; init; } = new();

    /// <summary>
    /// OpenID Connect Session Management: a frame in a client's page watches the session. It needs a third-party cookie, which more and more browsers
    /// block.
    /// </summary>
    public bool SessionManagement { get; init; }

    public RegistrationOptions Registration { get; init; } = new();

    /// <summary>
    /// A client may use an https URL as its client_id. The server reads the metadata of the client from that URL
    /// (draft-ietf-oauth-client-id-metadata-document). MCP clients use this.
    /// </summary>
    public bool ClientIdMetadataDocuments { get; init; }

    /// <summary>All authorization requests must be pushed first (RFC 9126, section 5). A client can also require this for itself.</summary>
    public bool RequirePushedAuthorizationRequests { get; init; }

    /// <summary>
    /// The FAPI 2.0 profile that all clients must meet: <c>fapi2_security</c> or <c>fapi2_message_signing</c>. Without it, each client has its own
    /// profile, or none.
    /// </summary>
    public string? Profile { get; init; }

    /// <summary>Whose server it is, for people: <see cref="OperatorName"/>, or the host of the issuer.</summary>
    public string ShownOperator() => OperatorName ?? Issuer!.IdnHost;

    /// <summary>What tokens of a client with a profile are signed with where nothing else is said; null where the server signs with nothing that FAPI 2.0 allows.</summary>
    internal string? FapiAlgorithm => SigningAlgorithms.OfFapi.FirstOrDefault(TokenAlgorithmList.Contains);

    internal IReadOnlyList<string> TokenAlgorithmList => TokenAlgorithms.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Each setting that is wrong, named, with the values that it may have.</summary>
    public virtual IEnumerable<string> Problems()
    {
        if (Issuer is null)
            yield return "Issuer is not set. It is the server's public address, such as https://login.example.com";
        else if (ProblemOf(Issuer) is { } problem)
            yield return $"Issuer {problem}";
        else if (Issuer.AbsolutePath.Trim('/').Contains('/', StringComparison.Ordinal))
            yield return "Issuer may have one path segment at most, such as https://login.example.com/tenant";
        else if (Issuer.OriginalString != Issuer.AbsoluteUri && Issuer.OriginalString + "/" != Issuer.AbsoluteUri)
            yield return $"Issuer must be written as clients will compare it: {Issuer.AbsoluteUri.TrimEnd('/')}";
        else if (Issuer.AbsolutePath.Length > 1 && Issuer.AbsolutePath.EndsWith('/'))
            yield return "Issuer must not end in a slash";
        if (PublicUrl is not null && ProblemOf(PublicUrl) is { } urlProblem)
            yield return $"PublicUrl {urlProblem}";
        else if (PublicUrl?.Scheme == "http" && Issuer?.Scheme == "https")
            yield return "PublicUrl must be https, as the issuer is";
        if (OperatorName is not null && (OperatorName.Trim().Length == 0 || OperatorName.Length > LongestName || OperatorName.Any(char.IsControl)))
            yield return $"OperatorName must have 1 to {LongestName} characters, without ends of lines";
        if (Keys.Mode == KeyOptions.Local && Issuer is not null && !ThisMachine.IsHostOf(Issuer))
            yield return $"Keys:Mode can be {KeyOptions.Local} only while the issuer is on this machine: Issuer must be on localhost, a name below it, 127.0.0.1 or [::1], such as http://localhost:7071. Elsewhere Keys:Mode must be {KeyOptions.Vault} or {KeyOptions.Wrapped}";
        if (TokenAlgorithmList.Count == 0 || !TokenAlgorithmList.All(SigningAlgorithms.All.Contains))
            yield return $"TokenAlgorithms must have one or more of {string.Join(", ", SigningAlgorithms.All)}, separated by spaces";
        else if (!TokenAlgorithmList.Contains(AccessTokenAlgorithm))
            yield return $"AccessTokenAlgorithm must be one of {string.Join(", ", TokenAlgorithmList)}";
        if (Profile is not null && !ProfileNames.All.Contains(Profile))
            yield return $"Profile must be one of {string.Join(", ", ProfileNames.All)}, or be left out";
        else if (Profile is not null && FapiAlgorithm is null)
            yield return $"TokenAlgorithms must have one of {string.Join(", ", SigningAlgorithms.OfFapi)}, as Profile is {Profile}";
        foreach (var range in Limit.Check([new(nameof(CacheFor), CacheFor, TimeSpan.Zero, TimeSpan.FromHours(1))]))
            yield return range;
        IEnumerable<string>[] nested =
        [
            Lifetimes.Problems(), Lockout.Problems(), Keys.Problems(Lifetimes), Fetch.Problems(), Registration.Problems(), ClientAddress.Problems(), ClientCertificates.Problems(PublicUrl ?? Issuer), Audit.Problems(), Account.Problems(), Manage.Problems(),
            SecondFactors.Problems(Mail), SignUp.Problems(this), Terms.Problems(), Languages.Problems(), Brand.Problems(), Passkeys.Problems((PublicUrl ?? Issuer) is { IsAbsoluteUri: true } url ? url.IdnHost : null), Mail.Problems(Issuer),
        ];
        foreach (var inPart in nested.SelectMany(part => part))
            yield return inPart;
    }

    private static string? ProblemOf(Uri uri)
    {
        if (!uri.IsAbsoluteUri || uri.Scheme is not ("https" or "http") || uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0)
            return "must be an absolute https URL without query, fragment or user";
        return uri.Scheme == "http" && !ThisMachine.IsHostOf(uri) ? "must be https; http is for localhost only" : null;
    }
}
