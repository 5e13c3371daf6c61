namespace FunctionsAuth.Protocol.Configuration;

/// <summary>Who manages the server: people by the groups that they are in. Machines have the scopes that they are registered for.</summary>
public sealed record ManageOptions
{
    /// <summary>Its members may do everything. The last of them can't leave it.</summary>
    public string AdministratorsGroup { get; init; } = "administrators";

    /// <summary>Its members look after people: they find them, disable and enable them, and help them to sign in. They can't touch an administrator.</summary>
    public string HelpdeskGroup { get; init; } = "helpdesk";

    /// <summary>Its members may see everything and change nothing.</summary>
    public string AuditorsGroup { get; init; } = "auditors";

    /// <summary>Whoever is in one of these groups needs a second factor. LocalHost switches it off.</summary>
    public bool RequireSecondFactor { get; init; } = true;

    /// <summary>The command line <c>functionsauth</c> may sign people in with the client that is built in for it.</summary>
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
