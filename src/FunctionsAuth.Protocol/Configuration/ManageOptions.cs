namespace FunctionsAuth.Protocol.Configuration;

/// <summary>Who manages the server. People get their rights from groups, and machines from the scopes that they are registered for.</summary>
public sealed record ManageOptions
{
    /// <summary>
    /// The group whose members may do everything. Its last member cannot leave it, and cannot be disabled or deleted. Commands that change users read
    /// this setting from the environment variable <c>FunctionsAuth__Manage__AdministratorsGroup</c>.
    /// </summary>
    public string AdministratorsGroup { get; init; } = "administrators";

    /// <summary>The group whose members help people: they find, disable and enable accounts, and help people to sign in. They cannot change an administrator.</summary>
    public string HelpdeskGroup { get; init; } = "helpdesk";

    /// <summary>The group whose members see everything and change nothing.</summary>
    public string AuditorsGroup { get; init; } = "auditors";

    /// <summary>Members of these groups need a second factor. LocalHost switches this off on <c>localhost</c>.</summary>
    public bool RequireSecondFactor { get; init; } = true;

    /// <summary>The command line <c>functionsauth</c> may sign people in with its built-in client.</summary>
    public bool Cli { get; init; } = true;

    /// <summary>The three groups.</summary>
    public IReadOnlyList<string> Groups => [AdministratorsGroup, HelpdeskGroup, AuditorsGroup];

    internal IEnumerable<string> Problems()
    {
        (string Name, string Value)[] groups = [(nameof(AdministratorsGroup), AdministratorsGroup), (nameof(HelpdeskGroup), HelpdeskGroup), (nameof(AuditorsGroup), AuditorsGroup)];
        foreach (var (name, value) in groups)
        {
            if (value.Length is 0 or > 100 || !value.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '/' or '-'))
                yield return $"Manage:{name} must be the name of a group: 1 to 100 letters, digits, dots, hyphens, underscores, colons or slashes";
        }
        if (Groups.Distinct().Count() < Groups.Count)
            yield return "Manage:AdministratorsGroup, Manage:HelpdeskGroup and Manage:AuditorsGroup must be different groups";
    }
}
