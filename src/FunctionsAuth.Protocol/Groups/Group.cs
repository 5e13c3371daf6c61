using System.Text.RegularExpressions;

namespace FunctionsAuth.Protocol.Groups;

/// <summary>
/// People and service accounts that the operator treats alike. Who is a member stands in the member's own record, which is read anyway
/// wherever groups decide.
/// </summary>
public sealed partial record Group
{
    /// <summary>The most groups that one person or client may be in: they stand in one property of a row.</summary>
    public const int MostPerMember = 200;

    public const string NameProblem = "must be 1 to 100 letters, digits, dots, hyphens, underscores, colons or slashes";

    public required string Name { get; init; }

    /// <summary>What it is for, for operators.</summary>
    public string? Description { get; init; }

    public static bool IsName(string text) => NamePattern().IsMatch(text);

    /// <summary>The form in which memberships are stored: sorted, and each once.</summary>
    public static IReadOnlyList<string> Normalize(IEnumerable<string> names) => [.. names.Distinct().Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"^[A-Za-z0-9._:/-]{1,100}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}

/// <summary>The groups that the operator defined. Imports and commands of the operator read them, and no request.</summary>
public interface IGroupStore
{
    Task<Group?> FindAsync(string name, CancellationToken cancellation);

    /// <summary>All groups, in no particular order.</summary>
    Task<IReadOnlyList<Group>> ListAsync(CancellationToken cancellation);

    Task SaveAsync(Group group, CancellationToken cancellation);
}
