using System.Text.Json.Serialization;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Groups;

/// <summary>A group of users and service accounts. The membership is stored in the member's own record, which is read anyway when groups decide.</summary>
public sealed record Group
{
    /// <summary>The largest number of groups for one user or client: they are stored in one property of a row.</summary>
    public const int MostPerMember = 200;

    public const string NameProblem = "must be 1 to 100 letters, digits, dots, hyphens, underscores, colons or slashes";

    private const int LongestName = 100;

    public required string Name { get; init; }

    /// <summary>The description, for operators.</summary>
    public string? Description { get; init; }

    /// <summary>What the store compares on a write; empty for a record that is not stored yet.</summary>
    [JsonIgnore]
    public string Version { get; init; } = "";

    public static bool IsName(string text) => NameText.IsMadeOf(text, LongestName, c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '/' or '-');

    /// <summary>The form in which memberships are stored: sorted, and each once.</summary>
    public static IReadOnlyList<string> Normalize(IEnumerable<string> names) => [.. names.Distinct().Order(StringComparer.Ordinal)];
}

/// <summary>The groups that the operator defined. Only imports, commands of the operator and the management API read them.</summary>
public interface IGroupStore
{
    Task<Group?> FindAsync(string name, CancellationToken cancellation);

    /// <summary>The groups in the order of their names, as tables sort them.</summary>
    Task<ListPage<Group>> ListAsync(ListRequest request, CancellationToken cancellation);

    /// <summary>Inserts the group if its version is empty. Otherwise replaces it if it has not changed since it was read.</summary>
    Task<WriteResult<Group>> TrySaveAsync(Group group, CancellationToken cancellation);

    /// <summary>Deletes the group if it has not changed since it was read. If it no longer exists, this counts as success.</summary>
    Task<WriteResult<Group>> TryDeleteAsync(Group group, CancellationToken cancellation);
}

/// <summary>An index of the members of groups. The user records are authoritative.</summary>
public interface IGroupMembers
{
    /// <summary>The subjects of the members. Some may have left the group, or be missing for a moment.</summary>
    Task<ListPage<string>> ListAsync(string group, ListRequest request, CancellationToken cancellation);

    /// <summary>Removes an index entry that the user record contradicts.</summary>
    Task ForgetAsync(string group, string subject, CancellationToken cancellation);
}
