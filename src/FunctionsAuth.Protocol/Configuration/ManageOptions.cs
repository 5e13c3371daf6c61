namespace FunctionsAuth.Protocol.Configuration;

/// <summary>Who administers the server.</summary>
public sealed record ManageOptions
{
    private const int LongestName = 100;

    /// <summary>The group whose members are the administrators. The last of them can be neither disabled nor deleted, nor leave it.</summary>
    public string AdministratorsGroup { get; init; } = "administrators";

    internal IEnumerable<string> Problems()
    {
        if (AdministratorsGroup.Length is 0 or > LongestName || !AdministratorsGroup.All(letter => char.IsAsciiLetterOrDigit(letter) || ".-_:/".Contains(letter)))
            yield return $"Manage:AdministratorsGroup must be the name of a group: 1 to {LongestName} letters, digits, dots, hyphens, underscores, colons or slashes";
    }
}
